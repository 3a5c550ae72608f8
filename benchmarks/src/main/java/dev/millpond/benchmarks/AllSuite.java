package dev.millpond.benchmarks;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several suites, one after the other; goes on with the next one when one fails.
 *
 * @param suites the suites
 */
record AllSuite(List<Suite> suites) implements Suite {

    private static final Logger logger = LoggerFactory.getLogger(AllSuite.class);

    /** Keeps a copy. */
    AllSuite {
        suites = List.copyOf(suites);
    }

    @Override
    public String name() {
        return "all";
    }

    @Override
    public boolean run(Run run) throws InterruptedException {
        boolean good = true;
        long begunAt = Ticker.systemTicker().read();
        for (Suite suite : suites) {
            good &= run(suite, run);
        }
        run.out().println("all took " + secondsSince(begunAt) + " s");
        return good;
    }

    private static boolean run(Suite suite, Run run) throws InterruptedException {
        long begunAt = Ticker.systemTicker().read();
        run.out().println("## " + suite.name() + "\n");
        boolean good = false;
        try {
            good = suite.run(run);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            logger.error("{} was not measured", suite.name(), e);
            run.out().println(suite.name() + " not measured: " + e);
        }
        run.out().println("\n" + suite.name() + " took " + secondsSince(begunAt) + " s\n");
        return good;
    }

    private static long secondsSince(long begunAt) {
        return Duration.ofNanos(Ticker.systemTicker().read() - begunAt).toSeconds();
    }
}
