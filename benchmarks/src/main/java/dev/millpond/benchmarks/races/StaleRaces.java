package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.PeerNode;
import dev.millpond.benchmarks.peers.Variant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs stale-set races on two nodes in this process; not thread-safe. */
final class StaleRaces implements AutoCloseable {

    private static final int ATTEMPTS_PER_RACE = 3;

    private final ScriptedSource source = new ScriptedSource();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Machine here;
    private final Machine elsewhere;

    StaleRaces(String redisUrl) {
        this.here = new Machine(redisUrl);
        this.elsewhere = new Machine(redisUrl);
    }

    /** Runs a number of races; the reader's node and the other one take turns in invalidating. */
    RaceOutcome run(Variant variant, String cache, int races) throws Exception {
        PeerNode one = variant.opener().open(here, cache, source);
        PeerNode two = variant.opener().open(elsewhere, cache, source);
        RaceOutcome total = RaceOutcome.NONE;
        for (int attempt = 0; total.races() < races; attempt++) {
            if (attempt == ATTEMPTS_PER_RACE * races) {
                throw new IllegalStateException("Only " + total.races() + " of " + attempt + " races of '"
                        + variant.usage() + "' could be held in order; " + races + " must be.");
            }
            PeerNode writer = attempt % 2 == 0 ? two : one;
            Race race = new Race(cache + "-" + attempt, variant.moment(), one, two, writer);
            total = total.plus(race.run(source, threads));
        }
        return total;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        here.close();
        elsewhere.close();
    }
}
