package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.benchmarks.peers.Peer;
import dev.millpond.benchmarks.peers.Peers;
import dev.millpond.benchmarks.peers.Variant;
import dev.millpond.testkit.RedisServer;
import java.util.ArrayList;
import java.util.List;

/** Who keeps a value that an invalidation has overtaken, and who loads one key many times. */
public final class RacesSuite implements Suite {

    @Override
    public String name() {
        return "races";
    }

    @Override
    public boolean run(Run run) throws Exception {
        RedisServer redis = run.redis();
        List<RaceRow> rows = new ArrayList<>();
        try (StaleRaces races = new StaleRaces(redis.url());
                Stampede stampede = new Stampede(redis, run.quick() ? 2 : 4, run.quick() ? 3 : 10)) {
            rows.addAll(rows(races, run.quick() ? 4 : 50, stampede));
        }
        String table = RaceTable.of(rows);
        Verdict verdict = Verdict.of(rows, Peers.millpond().name());
        run.writeResults(run.quick() ? "races-quick" : "races", rows);
        if (run.docs()) {
            new ConsistencyPage(run.root()).write(table);
        }
        run.out().println(table);
        run.out().println(verdict.line());
        return verdict.good();
    }

    /** Runs the stale-set races of all peers, and the stampedes too unless there are no processes for them. */
    static List<RaceRow> rows(StaleRaces races, int count, Stampede stampede) throws Exception {
        List<RaceRow> rows = new ArrayList<>();
        List<Peer> peers = Peers.all();
        for (int p = 0; p < peers.size(); p++) {
            List<Variant> variants = peers.get(p).variants();
            for (int v = 0; v < variants.size(); v++) {
                Variant variant = variants.get(v);
                String cache = "cache-" + p + '-' + v;
                rows.add(new RaceRow(
                        peers.get(p).name(),
                        variant.usage(),
                        variant.note(),
                        races.run(variant, cache, count),
                        variant.stampedes() ? stampede.run(p, v, "stampede-" + p + '-' + v) : null));
            }
        }
        return rows;
    }
}
