package dev.millpond.benchmarks.hitrate;

import dev.millpond.benchmarks.Environment;
import dev.millpond.benchmarks.MarkedTable;
import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Who answers reads of real systems that are spread over three nodes.
 *
 * <p>One read after the other, so that the same reads give the same rates each time. Nothing expires: what is compared
 * is what nodes choose to keep. Time is real, since only Millpond would take another.
 */
public final class HitRateSuite implements Suite {

    private static final int NODES = 3;
    private static final int READS = 300_000;
    private static final int QUICK_READS = 60_000;
    private static final int SMOKE_READS = 3_000;
    private static final double LEAST_LOADS_PER_KEY = 0.99;
    private static final double MOST_LOADS_PER_KEY = 1.01;

    @Override
    public String name() {
        return "hit-rate";
    }

    @Override
    public boolean run(Run run) throws Exception {
        RedisServer redis = run.redis();
        List<HitRateRow> rows = new ArrayList<>();
        for (RecordedReads reads : RecordedReads.ALL) {
            int[] keys = reads.keys(count(run));
            for (Map.Entry<String, ReadingNode.Opener> peer : ReadingNodes.all()) {
                redis.flush();
                Answers answers = answers(redis.url(), peer.getValue(), reads.memory(), keys);
                rows.add(new HitRateRow(
                        reads.title(), RecordedReads.distinct(keys), reads.memory(), peer.getKey(), answers));
            }
        }
        report(run, rows, Environment.of(redis));
        return loadsOnce(rows);
    }

    private static int count(Run run) {
        if (Comparison.smoke()) {
            return SMOKE_READS;
        }
        return run.quick() ? QUICK_READS : READS;
    }

    private static Answers answers(String url, ReadingNode.Opener opener, int memory, int[] keys) throws Exception {
        List<Machine> machines = new ArrayList<>();
        try {
            List<ReadingNode> nodes = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                machines.add(new Machine(url));
                nodes.add(opener.open(machines.get(i), "traced", memory));
            }
            return read(nodes, keys);
        } finally {
            machines.forEach(Machine::close);
        }
    }

    /** Spreads reads as a load balancer does that knows nothing of keys. */
    static Answers read(List<? extends ReadingNode> nodes, int[] keys) {
        SplittableRandom balancer = new SplittableRandom(nodes.size());
        for (int key : keys) {
            nodes.get(balancer.nextInt(nodes.size())).read(Integer.toString(key));
        }
        return Answers.ofAll(nodes.stream().map(ReadingNode::answers).toList());
    }

    private static void report(Run run, List<HitRateRow> rows, Environment environment) throws IOException {
        String table = HitRateRow.HEADER + rows.stream().map(HitRateRow::line).collect(Collectors.joining())
                + (Comparison.smoke() ? "\nSMOKE TEST, NO FIGURES" : "") + "\nRun on " + NODES + " nodes with "
                + environment.text() + ".\n";
        run.writeResults("hit-rate" + Comparison.suffix(run), rows);
        if (run.fullDocs() && !Comparison.smoke()) {
            new MarkedTable(run.root(), "benchmarks.md", "hit-rate").write(table);
        }
        run.out().println(table);
        run.out().println("millpond: " + (loadsOnce(rows) ? "loaded each key once" : "did not load each key once"));
    }

    /** Nothing expires, so one load of each key is enough for the fleet; a slow Redis may cost one in 100 more. */
    static boolean loadsOnce(List<HitRateRow> rows) {
        return rows.stream()
                .filter(row -> row.peer().equals(ReadingNodes.MILLPOND))
                .allMatch(row -> row.loadsPerKey() >= LEAST_LOADS_PER_KEY && row.loadsPerKey() <= MOST_LOADS_PER_KEY);
    }
}
