package dev.millpond.cache.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millpond.cache.oracle.FaultPlan.Step;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The promises of the cache while another program fills Redis, and Redis evicts entries and the log alike. */
@ExtendWith(QuietLogs.class)
@Tag("one-jdk")
class EvictionIT {

    private static final Duration LENGTH = Duration.ofSeconds(3);
    private static final int FILL_EVERY_MILLIS = 20;
    private static final Pattern EVICTED = Pattern.compile("evicted_keys:(\\d+)");
    private static final Pattern OURS_OR_FILLER = Pattern.compile(
            "(oracle:(base|bulk|strict|foreign|derived|declared|twice):.*|\\{mp:oracle}:(t|log)|filler:.*)");

    private static final Logger log = LoggerFactory.getLogger(EvictionIT.class);

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final ScheduledExecutorService filler = Executors.newSingleThreadScheduledExecutor();
    private final Set<Object> epochs = new HashSet<>();
    private @Nullable Future<?> filling;
    private int fills;

    @BeforeEach
    void empty() {
        assumeThat(redis.server().controllable()).isTrue();
        redis.server().restart();
    }

    @AfterEach
    void lift() {
        filler.shutdownNow();
        if (redis.server().controllable()) {
            MemoryFaults.lift(redis.server());
        }
    }

    @Test
    void reads_leastRecentlyUsedKeysAreEvicted_keepEveryPromise() throws Exception {
        holdsUp("allkeys-lru");
    }

    @Test
    void reads_anyKeysAreEvicted_keepEveryPromiseAndBeginNewEpochs() throws Exception {
        holdsUp("allkeys-random");

        assertThat(epochs).as("lives of the log").hasSizeGreaterThan(1);
    }

    private void holdsUp(String policy) throws Exception {
        long seed = OracleSettings.seed();
        Report report;
        try (Fleet fleet = new SingleServer(redis.server()) {
            @Override
            public void repair() {
                // The limit stays until the end has been judged.
            }
        }) {
            report = Trial.run(
                    fleet, new Scenario(Variant.AS_SHIPPED, evictions(policy), LENGTH, node -> true, Reads::any, seed));
        }
        log.info("Oracle with {}, seed {}:\n{}", policy, seed, report);
        assertThat(filling).as("goes on").isNotDone();
        assertThat(report.violations()).describedAs("seed %d, %s", seed, report).isEmpty();
        assertThat(evicted()).isGreaterThan(1_000);
        assertThat((List<?>) redis.server().command("KEYS", "*"))
                .allSatisfy(key -> assertThat(String.valueOf(key)).matches(OURS_OR_FILLER));
    }

    private void fill() {
        MemoryFaults.fill(redis.server(), fills++);
        Object epoch = redis.server().command("HGET", "{mp:" + Node.NAMESPACE + "}:t", "@e");
        if (epoch != null) {
            epochs.add(epoch);
        }
    }

    /** Begins at once and goes on to the end. The limit counts the connections of the nodes. */
    private Iterator<Step> evictions(String policy) {
        Step step =
                new Step(Fault.ofMoment(policy, node -> begin(policy)), 0, Duration.ZERO, null, Duration.ofSeconds(1));
        return Stream.generate(() -> step).iterator();
    }

    private void begin(String policy) {
        if (fills == 0) {
            MemoryFaults.limit(redis.server(), policy);
            fill();
            filling = filler.scheduleWithFixedDelay(
                    this::fill, FILL_EVERY_MILLIS, FILL_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static long evicted() {
        Matcher evicted = EVICTED.matcher(String.valueOf(redis.server().command("INFO", "stats")));
        assertThat(evicted.find()).isTrue();
        return Long.parseLong(evicted.group(1));
    }
}
