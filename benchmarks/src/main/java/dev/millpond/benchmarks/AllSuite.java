package dev.millpond.benchmarks;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;

/**
 * Several suites, one after the other.
 *
 * @param suites the suites
 */
record AllSuite(List<Suite> suites) implements Suite {

    /** Keeps a copy. */
    AllSuite {
        suites = List.copyOf(suites);
    }

    @Override
    public String name() {
        return "all";
    }

    @Override
    public boolean run(Run run) throws Exception {
        boolean good = true;
        for (Suite suite : suites) {
            long start = Ticker.systemTicker().read();
            run.out().println("## " + suite.name() + "\n");
            good &= suite.run(run);
            Duration time = Duration.ofNanos(Ticker.systemTicker().read() - start);
            run.out().println("\n" + suite.name() + " took " + time.toSeconds() + " s\n");
        }
        return good;
    }
}
