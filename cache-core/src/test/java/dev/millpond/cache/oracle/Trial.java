package dev.millpond.cache.oracle;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs a scenario on a fleet and returns what it has shown. */
final class Trial {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Fleet fleet;
    private final Scenario scenario;
    private final Truth truth = Truth.of(Fleet.NODES);
    private final Report report = new Report();
    private final Judge judge;
    private final List<Node> nodes = new ArrayList<>();

    private Trial(Fleet fleet, Scenario scenario) {
        this.fleet = fleet;
        this.scenario = scenario;
        this.judge = new Judge(truth, Variant.BOUND.plus(fleet.splitBrain()), fleet.strictBound(), report);
    }

    static Report run(Fleet fleet, Scenario scenario) {
        return new Trial(fleet, scenario).run();
    }

    private Report run() {
        try {
            long begunAt = System.nanoTime();
            for (int i = 0; i < Fleet.NODES; i++) {
                nodes.add(Node.start(i, fleet, scenario.variant(), truth.source()));
            }
            awaitConfirmedSince(begunAt);
            live();
            fleet.repair();
            if (report.violations().isEmpty()) {
                judgeTheEnd();
            }
            return report;
        } finally {
            nodes.forEach(Node::close);
        }
    }

    private void live() {
        try (Crew crew = new Crew(truth, judge, report, scenario.seed())) {
            nodes.forEach(node -> crew.readOn(node, scenario.reading()));
            nodes.stream()
                    .filter(node -> scenario.writing().test(node.number()))
                    .forEach(crew::writeOn);
            nodes.forEach(crew::warmOn);
            crew.writePast(fleet);
            new Chaos(nodes, report).run(scenario.plan(), scenario.length());
        }
    }

    /** Not a moment is left for anything to catch up: whoever knows everything answers right. */
    private void judgeTheEnd() {
        Subject.all(Subject.Kind.FOREIGN).forEach(row -> fleet.unlink(NodeCaches.redisKeyOfForeign(row.key())));
        awaitAllKnown();
        for (Node node : nodes) {
            new Reads(node.caches()).all().forEach(read -> judge.judgeNewest(node.number(), read));
        }
    }

    /** Waits until every node has sent all of its own invalidations and has learned of all the others'. */
    private void awaitAllKnown() {
        await().atMost(PATIENCE)
                .until(() -> nodes.stream().allMatch(node -> node.log().nothingUnsent()));
        awaitConfirmedSince(System.nanoTime());
    }

    private void awaitConfirmedSince(long nanoTime) {
        await().atMost(PATIENCE)
                .until(() -> nodes.stream().allMatch(node -> node.log().confirmedSince(nanoTime)));
    }
}
