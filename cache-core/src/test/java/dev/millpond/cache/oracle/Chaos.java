package dev.millpond.cache.oracle;

import static org.awaitility.Awaitility.await;

import dev.millpond.cache.oracle.Fault.Reach;
import dev.millpond.cache.oracle.FaultPlan.Step;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** Makes one fault after the other happen, and measures how long the nodes need after each. */
final class Chaos {

    private static final Duration CALM = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Node> nodes;
    private final Report report;
    private long end;

    Chaos(List<Node> nodes, Report report) {
        this.nodes = nodes;
        this.report = report;
    }

    /** Goes on for a time, or until the first violation. */
    void run(Iterator<Step> plan, Duration length) {
        end = System.nanoTime() + length.toNanos();
        report.begin(Report.CALM, Counts.of(nodes));
        pause(CALM);
        while (goesOn()) {
            carryOut(plan.next());
        }
        report.begin(Report.CALM, Counts.of(nodes));
    }

    private void carryOut(Step step) {
        report.begin(step.fault().name(), Counts.of(nodes));
        step.fault().begin().accept(step.node());
        try {
            if (step.fault().reach() != Reach.MOMENT) {
                last(step);
            }
        } finally {
            step.fault().end().accept(step.node());
        }
        if (!report.violated()) {
            recover();
        }
        report.begin(Report.CALM, Counts.of(nodes));
        pause(step.rest());
    }

    private void last(Step step) {
        Duration half = step.lasts().dividedBy(2);
        pause(half);
        if (step.meanwhile() != null) {
            step.meanwhile().begin().accept(step.node());
        }
        pause(half);
    }

    /** Waits until time is over at the most. */
    private void pause(Duration longest) {
        long left = Math.max(0, end - System.nanoTime());
        report.awaitViolation(Duration.ofNanos(Math.min(left, longest.toNanos())));
    }

    private boolean goesOn() {
        return !report.violated() && end - System.nanoTime() > 0;
    }

    private void recover() {
        long repairedAt = System.nanoTime();
        await().atMost(PATIENCE)
                .until(() -> nodes.stream().allMatch(node -> node.log().confirmedSince(repairedAt)));
        report.recovered(Duration.ofNanos(System.nanoTime() - repairedAt));
    }
}
