package dev.millpond.benchmarks.measure;

import dev.millpond.testkit.RedisServer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Measures all peers in turns, so that whatever else happens on the machine meets all of them. */
    Measured measure(Scenario scenario) throws Exception {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        int rounds = scenario.sampler().turns(pace);
        for (int round = 1; round <= rounds; round++) {
            for (String peer : scenario.peers()) {
                Sample sample = scenario.sampler().sample(peer, this);
                logger.info("{}, {}, {} of {}: {}", scenario.name(), peer, round, rounds, sample.text());
                samples.computeIfAbsent(peer, first -> new ArrayList<>()).add(sample);
            }
        }
        return new Measured(scenario, samples);
    }
}
