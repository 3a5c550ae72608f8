package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.testkit.RedisExtension;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.versioning.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Walks at random over requests for several buckets, limits that change, places that are left or never left, and a
 * clock that jumps: the script must store the same bytes and keep the same requests in flight as this process.
 */
class JointWalkIT {

    private static final int STEPS = Integer.getInteger("millpond.walk-steps", 200);
    private static final Duration PRECISION = RedisLimitEngine.CLOCK_PRECISION;
    private static final List<List<RateLimit>> SHAPES = Stream.of(
                    DifferentialWalkIT.SHAPES, DifferentialWalkIT.MIXED_SHAPES)
            .flatMap(List::stream)
            .toList();

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;

    private final List<Here> buckets =
            IntStream.range(0, 4).mapToObj(i -> new Here("bucket" + i)).toList();
    private Instant now = Instant.parse("2026-01-01T00:00:00.123Z");
    private final CountingGuard guard = new CountingGuard(redis());
    private final RedisBuckets<String> script = script();

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connect(REDIS.url());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
        REDIS.server().command("SCRIPT", "FLUSH");
    }

    @BeforeEach
    void begin() {
        REDIS.server().flush();
    }

    private static RedisGuard redis() {
        return connection.guard();
    }

    private RedisBuckets<String> script() {
        return RedisLimitEngine.bucketsOf(
                        RedisEngine.SCRIPT, guard, () -> now, Ticker.systemTicker(), new HandClockScript(() -> now))
                .apply(Duration.ofSeconds(20));
    }

    static LongStream seeds() {
        return LongStream.of(1, System.nanoTime());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void takeJointly_atRandom_storesTheSameAsInThisProcess(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            now = now.plus(DifferentialWalkIT.jump(random));
            buckets.forEach(bucket -> bucket.leaveSome(random));
            List<Here> some =
                    buckets.stream().filter(bucket -> random.nextInt(3) > 0).toList();
            List<Take> takes = some.stream().map(bucket -> bucket.take(random)).toList();
            List<Wanted> wanted = wanted(random, "request " + step);
            JointTake joint = new JointTake(takes, wanted, PRECISION);
            String what = "seed " + seed + ", step " + step + ", at " + now + ": " + takes + " " + wanted;

            List<Taken> there = script.takeJointly(joint).join().orElseThrow();

            assertThat(answers(there)).as(what).isEqualTo(answers(decide(joint, some, takes, wanted)));
            some.forEach(bucket -> bucket.assertSameInRedis(what));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void run_manyTakesFromOneBucketAtRandom_storesTheSameAsInThisProcess(long seed) {
        Random random = new Random(seed);
        Here bucket = buckets.get(0);
        Shape shape = Shape.of(List.of(new RateLimit(100, Duration.ofMinutes(1), 20)));
        for (int step = 0; step < STEPS; step++) {
            now = now.plus(DifferentialWalkIT.jump(random));
            List<Long> costs = costs(random);
            String what = "seed " + seed + ", step " + step + ", at " + now + ": " + costs;
            MutableBucketEntry entry = new MutableBucketEntry(bucket.stored);

            TakeCommand take = new TakeCommand(shape, costs, PRECISION);
            Taken there = script.run(bucket.name, take).join();

            assertThat(there.answers())
                    .as(what)
                    .isEqualTo(take.decide(entry, nanos()).answers());
            bucket.store(entry);
            bucket.assertSameInRedis(what);
        }
        assertThat(guard.callsAlone())
                .as("calls for what the script left to others")
                .isZero();
    }

    private long nanos() {
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** Returns costs of which some are alike in a row. */
    private static List<Long> costs(Random random) {
        return IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(i -> Collections.nCopies(
                        1 + random.nextInt(30), (long) random.nextInt(random.nextInt(5) == 0 ? 60 : 4)))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Wanted> wanted(Random random, String name) {
        return IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(i -> new Wanted(random.nextInt(random.nextInt(5) == 0 ? 60 : 4), name + "." + i))
                .toList();
    }

    private List<Taken> decide(JointTake joint, List<Here> some, List<Take> takes, List<Wanted> wanted) {
        List<MutableBucketEntry> entries = some.stream()
                .map(bucket -> new MutableBucketEntry(bucket.stored))
                .toList();
        List<Long> inFlight = IntStream.range(0, some.size())
                .filter(i -> takes.get(i).inFlight().isPresent())
                .mapToObj(i -> some.get(i).inFlight(now.toEpochMilli()))
                .toList();
        List<Taken> taken = joint.decide(entries, inFlight, nanos());
        for (int i = 0; i < some.size(); i++) {
            some.get(i).store(entries.get(i));
        }
        IntStream.range(0, wanted.size())
                .filter(request -> taken.stream()
                        .allMatch(bucket -> bucket.answers().get(request).admitted()))
                .forEach(request -> IntStream.range(0, some.size())
                        .forEach(i -> some.get(i)
                                .enter(wanted.get(request).name(), takes.get(i).inFlight(), now.toEpochMilli())));
        return taken;
    }

    private static List<BucketState> answers(List<Taken> taken) {
        return taken.stream().flatMap(bucket -> bucket.answers().stream()).toList();
    }

    /** A bucket as this process has it. */
    private static final class Here {

        private final String name;
        private final Map<String, Long> requests = new HashMap<>();
        private byte @Nullable [] stored;

        private Here(String name) {
            this.name = name;
        }

        Take take(Random random) {
            Optional<InFlightLimit> limit = Optional.of(
                            new InFlightLimit(1 + random.nextInt(6), Duration.ofSeconds(60 + random.nextInt(60))))
                    .filter(some -> random.nextInt(3) > 0);
            return new Take(name, SHAPES.get(random.nextInt(SHAPES.size())), limit);
        }

        void leaveSome(Random random) {
            List.copyOf(requests.keySet()).stream()
                    .sorted()
                    .filter(request -> random.nextInt(6) == 0)
                    .forEach(request -> {
                        requests.remove(request);
                        REDIS.server().command("ZREM", HashTag.keyInFlight(name), request);
                    });
        }

        long inFlight(long millis) {
            requests.values().removeIf(until -> until <= millis);
            return requests.size();
        }

        void enter(String request, Optional<InFlightLimit> limit, long millis) {
            limit.ifPresent(
                    some -> requests.put(request, millis + some.timeout().toMillis()));
        }

        void store(MutableBucketEntry entry) {
            if (entry.isStateModified()) {
                stored = entry.getStateBytes(Versions.getLatest());
            }
        }

        void assertSameInRedis(String what) {
            byte[] there = connection
                    .guard()
                    .<byte @Nullable []>call(
                            Duration.ofSeconds(10),
                            client -> client.<byte[]>getBucket(name, ByteArrayCodec.INSTANCE)
                                    .getAsync());
            assertThat(there).as(what).isEqualTo(stored);
            List<?> inFlight = (List<?>) Objects.requireNonNull(
                    REDIS.server().command("ZRANGE", HashTag.keyInFlight(name), "0", "-1", "WITHSCORES"));
            assertThat(inFlight.stream().map(String::valueOf))
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(requests.entrySet().stream()
                            .flatMap(entry -> Stream.of(entry.getKey(), String.valueOf(entry.getValue())))
                            .toList());
        }
    }
}
