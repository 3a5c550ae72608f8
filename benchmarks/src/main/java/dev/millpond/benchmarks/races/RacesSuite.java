package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.Environment;
import dev.millpond.benchmarks.MarkedTable;
import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.benchmarks.peers.Peer;
import dev.millpond.benchmarks.peers.Peers;
import dev.millpond.benchmarks.peers.Variant;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who keeps a value that an invalidation has overtaken, and who loads one key many times. */
public final class RacesSuite implements Suite {

    private static final int PROCESSES = 4;
    private static final int ROUNDS = 10;

    @Override
    public String name() {
        return "races";
    }

    @Override
    public boolean run(Run run) throws Exception {
        RedisServer redis = run.redis();
        redis.flush(); // counts of an earlier run would be those of this one
        List<RaceRow> rows;
        try (StaleRaces races = new StaleRaces(redis.url());
                Stampede stampede = new Stampede(redis, PROCESSES, ROUNDS)) {
            rows = rows(races, run.quick() ? 4 : 50, stampede::run);
        }
        RaceVerdict verdict = RaceVerdict.of(rows, Peers.millpond().name());
        report(run, new RaceReport(Environment.of(redis), rows, verdict.targets()));
        run.out().println(verdict.line());
        return verdict.good();
    }

    private static void report(Run run, RaceReport report) throws IOException {
        run.writeResults(run.quick() ? "races-quick" : "races", report);
        if (run.fullDocs()) {
            new MarkedTable(run.root(), "consistency.md", "races").write(report.markdown());
        }
        run.out().println(report.markdown());
    }

    /** Races all peers, and puts those variants under a stampede that are compared there. */
    static List<RaceRow> rows(StaleRaces races, int count, Stampedes stampedes) throws Exception {
        List<RaceRow> rows = new ArrayList<>();
        List<Peer> peers = Peers.all();
        for (int p = 0; p < peers.size(); p++) {
            List<Variant> variants = peers.get(p).variants();
            for (int v = 0; v < variants.size(); v++) {
                Variant variant = variants.get(v);
                String cache = p + "-" + v;
                rows.add(new RaceRow(
                        peers.get(p).name(),
                        variant.usage(),
                        variant.note(),
                        races.run(variant, "races-" + cache, count),
                        variant.stampedes() ? stampedes.run(p, v, "stampedes-" + cache) : null));
            }
        }
        return rows;
    }

    /** Puts one variant of one peer, by their places in the catalogue, under a number of stampedes. */
    interface Stampedes {

        @Nullable
        StampedeOutcome run(int peer, int variant, String cache) throws IOException;
    }
}
