package dev.millpond.benchmarks.measure;

import dev.millpond.testkit.RedisServer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where scenarios are measured.
 *
 * @param redis the Redis that all peers use
 * @param pace how long
 * @param log where JMH writes what it does
 */
public record Bench(RedisServer redis, Pace pace, PrintStream log) {

    private static final Logger logger = LoggerFactory.getLogger(Bench.class);

    /**
     * Measures all peers in turns, so that whatever else happens on the machine meets all of them.
     *
     * @return what was measured until the first sample that failed, or all
     */
    Measured measure(Scenario scenario) throws InterruptedException {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        try {
            measure(scenario, samples);
            return new Measured(scenario, samples, Optional.empty());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            logger.error("{} was not measured", scenario.name(), e);
            return new Measured(scenario, samples, Optional.of(inOneLine(e)));
        }
    }

    private void measure(Scenario scenario, Map<String, List<Sample>> samples) throws Exception {
        int rounds = scenario.sampler().turns(pace);
        for (int round = 1; round <= rounds; round++) {
            for (String peer : scenario.peers()) {
                Sample sample = scenario.sampler().sample(peer, this);
                logger.info("{}, {}, {} of {}: {}", scenario.name(), peer, round, rounds, sample.text());
                samples.computeIfAbsent(peer, first -> new ArrayList<>()).add(sample);
            }
        }
    }

    /** A table has no room for more. */
    private static String inOneLine(Exception failure) {
        return Objects.requireNonNullElse(failure.getMessage(), failure.toString())
                .replaceAll("\\s+", " ")
                .strip();
    }
}
