package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.GiveCommand.Kind;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Walks at random over operations, costs, clocks that jump and limits that change, in all shapes: both engines on Redis
 * must store the same bytes, and hold the same tokens as a bucket of Bucket4j in this process, or as a plain model.
 */
@Tag("one-jdk")
class DifferentialWalkIT {

    private static final int STEPS = Integer.getInteger("millpond.walk-steps", 150);
    private static final Duration PRECISION = RedisLimitEngine.CLOCK_PRECISION;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** A single limit keeps its period, since the bucket in this process knows limits by their periods alone. */
    static final List<List<RateLimit>> SHAPES = List.of(
            List.of(new RateLimit(10, MINUTE, 2)),
            List.of(new RateLimit(7, MINUTE, 3)),
            List.of(new RateLimit(100, MINUTE, 0), new RateLimit(500, HOUR, 0)),
            List.of(new RateLimit(50, HOUR, 5), new RateLimit(3, MINUTE, 0)),
            List.of(new RateLimit(1_000, MINUTE, 100)));

    private static final List<List<RateLimit>> MORE_SHAPES = List.of(
            List.of(new RateLimit(10, MINUTE, 2)),
            List.of(new RateLimit(5, Duration.ofSeconds(7), 1)),
            List.of(new RateLimit(11, Duration.ofMillis(1_001), 0), new RateLimit(17, MINUTE, 4)),
            List.of(new RateLimit(1_000_000, Duration.ofDays(30), 1_000_000)),
            List.of(new RateLimit(3, Duration.ofDays(365), 0), new RateLimit(997, HOUR, 13)));

    static final List<List<RateLimit>> MIXED_SHAPES = List.of(
            List.of(new RateLimit(10, MINUTE, 2).inWindows()),
            List.of(new RateLimit(10, MINUTE, 2).inAlignedWindows()),
            List.of(new RateLimit(10, MINUTE, 2).smooth()),
            List.of(new RateLimit(10, MINUTE, 2)),
            List.of(new RateLimit(3, Duration.ofMillis(1_001), 0).inAlignedWindows()),
            List.of(new RateLimit(7, Duration.ofSeconds(7), 1).inWindows()),
            List.of(new RateLimit(9, MINUTE, 3).smooth(), new RateLimit(40, HOUR, 5).inWindows()),
            List.of(
                    new RateLimit(7, MINUTE, 2).inWindows(),
                    new RateLimit(100, Duration.ofDays(1), 0).inAlignedWindows()),
            List.of(
                    new RateLimit(5, Duration.ofSeconds(1), 1),
                    new RateLimit(20, MINUTE, 0).inAlignedWindows(),
                    new RateLimit(60, HOUR, 9).inWindows()),
            List.of(
                    new RateLimit(1_000_000, Duration.ofDays(30), 1_000).inAlignedWindows(),
                    new RateLimit(5, MINUTE, 0)));

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;

    private Instant now = Instant.parse("2026-01-01T00:00:00.123Z");
    private boolean jumpBack = true;
    private final CountingGuard guard = new CountingGuard(redis());
    private final RedisBuckets<String> script = buckets(RedisEngine.SCRIPT, guard);
    private final RedisBuckets<String> swap = buckets(RedisEngine.CAS, redis());

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connect(REDIS.url());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
        REDIS.server().command("SCRIPT", "FLUSH");
    }

    private static RedisGuard redis() {
        return connection.guard();
    }

    private RedisBuckets<String> buckets(RedisEngine engine, RedisGuard redis) {
        return RedisLimitEngine.bucketsOf(
                        engine, redis, () -> now, Ticker.systemTicker(), new HandClockScript(() -> now))
                .apply(Duration.ofSeconds(20));
    }

    static LongStream seeds() {
        return LongStream.of(1, System.nanoTime());
    }

    @BeforeEach
    void begin() {
        REDIS.server().flush();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyOperation_atRandom_hasTheSameEffectOnBothEnginesAndInThisProcess(long seed) {
        ReferenceBucket reference = new ReferenceBucket(() -> now);

        walk(seed, SHAPES, reference);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyOperation_atRandomOnStrangeLimits_storesTheSameBytes(long seed) {
        walk(seed, MORE_SHAPES, null);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyOperation_atRandomOnMixedShapes_storesTheSameBytes(long seed) {
        walk(seed, MIXED_SHAPES, null);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyOperation_atRandomOnAShape_isWhatTheShapePromises(long seed) {
        for (List<RateLimit> limits : MIXED_SHAPES) {
            REDIS.server().flush();
            walk(seed, STEPS / 4, List.of(limits), new PlainBucket(() -> now));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyOperation_atRandomWhileTimeGoesOn_hasTheSameEffectInThisProcess(long seed) {
        jumpBack = false;

        walk(seed, MIXED_SHAPES, new InThisProcess());
    }

    private void walk(long seed, List<List<RateLimit>> shapes, @Nullable Reference reference) {
        walk(seed, STEPS, shapes, reference);
    }

    private void walk(long seed, int steps, List<List<RateLimit>> shapes, @Nullable Reference reference) {
        Random random = new Random(seed);
        List<RateLimit> limits = shapes.get(0);
        int aloneBefore = guard.callsAlone();
        for (int step = 0; step < steps; step++) {
            Duration jump = jump(random);
            now = now.plus(jumpBack || !jump.isNegative() ? jump : Duration.ZERO);
            if (reference != null && reference.forgets(jump)) {
                REDIS.server().flush(); // which forgets by its own clock, and that has not moved
            }
            if (random.nextInt(15) == 0) {
                limits = shapes.get(random.nextInt(shapes.size()));
            }
            Operation operation = Operation.random(random, limits);
            String what = "seed " + seed + ", step " + step + ", at " + now + ": " + operation;
            BucketState byScript = operation.on(script, "script");
            assertThat(byScript).as(what).isEqualTo(operation.on(swap, "swap"));
            assertThat(stored("script")).as(what).isEqualTo(stored("swap"));
            if (reference != null) {
                assertThat(byScript).as(what).isEqualTo(reference.apply(operation));
            }
        }
        if (shapes.stream().map(Shape::of).allMatch(Shape::exactInScript)) {
            assertThat(guard.callsAlone() - aloneBefore)
                    .as("calls for steps that the script left to others, and for resets")
                    .isLessThan(steps / 4);
        }
    }

    /** Returns how far a clock moves in one step, sometimes backwards. */
    static Duration jump(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> Duration.ofMillis(1);
            case 1 -> Duration.ofMillis(random.nextInt(1_000));
            case 2, 3 -> Duration.ofSeconds(random.nextInt(20));
            case 4 -> Duration.ofMillis(random.nextInt(120_000));
            case 5 -> Duration.ofMinutes(random.nextInt(60));
            case 6 -> random.nextInt(10) == 0 ? Duration.ofDays(random.nextInt(40)) : Duration.ZERO;
            case 7 -> Duration.ofMillis(-random.nextInt(5_000));
            case 8 -> random.nextInt(10) == 0 ? Duration.ofMinutes(-random.nextInt(30)) : Duration.ZERO;
            default -> Duration.ZERO;
        };
    }

    private static byte @Nullable [] stored(String bucket) {
        return connection
                .guard()
                .<byte @Nullable []>call(
                        Duration.ofSeconds(10),
                        client -> client.<byte[]>getBucket(bucket, ByteArrayCodec.INSTANCE)
                                .getAsync());
    }

    /** Says what a step must do. */
    @FunctionalInterface
    interface Reference {
        BucketState apply(Operation operation);

        /** Tells whether time took away what was granted. */
        default boolean forgets(Duration jump) {
            return false;
        }
    }

    /** A bucket of the engine that has no Redis. */
    private final class InThisProcess implements Reference {

        private LocalTokens tokens = full(Tier.FREE.limits());
        private boolean holdsAGrant;

        @Override
        public BucketState apply(Operation operation) {
            if (operation.name().equals("reset")) {
                tokens = full(operation.limits());
                holdsAGrant = false;
                return Shape.of(operation.limits()).untouched();
            }
            if (tokens.isOver(nanos())) {
                tokens = full(operation.limits());
            }
            BucketState state = operation.command(new Operation.Runner() {

                @Override
                public <T> T run(BucketCommand<T> command) {
                    return Objects.requireNonNull(
                            tokens.run(operation.limits(), nanos(), (held, at) -> command.decide(held.entry(), at)));
                }
            });
            holdsAGrant = IntStream.range(0, operation.limits().size())
                    .anyMatch(i -> state.levels().get(i).remaining()
                            > operation.limits().get(i).capacity());
            return state;
        }

        @Override
        public boolean forgets(Duration jump) {
            return holdsAGrant && jump.compareTo(RedisLimitEngine.KEPT_ABOVE_CAPACITY) > 0 && tokens.isOver(nanos());
        }

        private LocalTokens full(List<RateLimit> limits) {
            return new LocalTokens(Shape.of(limits), nanos());
        }

        private long nanos() {
            return ChronoUnit.NANOS.between(Instant.EPOCH, now);
        }
    }

    /** What a step does. */
    record Operation(String name, List<RateLimit> limits, long amount) {

        static Operation random(Random random, List<RateLimit> limits) {
            long capacity = limits.stream().mapToLong(RateLimit::capacity).min().orElseThrow();
            long some = random.nextLong(capacity + 2);
            return switch (random.nextInt(20)) {
                case 0 -> new Operation("refund", limits, some);
                case 1 -> new Operation("refund", limits, random.nextInt(3));
                case 2 -> new Operation("grant", limits, random.nextInt(4) == 0 ? some : random.nextInt(2));
                case 3 -> new Operation(random.nextInt(4) == 0 ? "reset" : "take", limits, 0);
                case 4, 5, 6 -> new Operation("take", limits, some);
                default -> new Operation("take", limits, random.nextInt(4));
            };
        }

        BucketState on(RedisBuckets<String> buckets, String bucket) {
            if (name.equals("reset")) {
                buckets.removeProxy(bucket);
                return Shape.of(limits).untouched();
            }
            return command(new Runner() {

                @Override
                public <T> T run(BucketCommand<T> command) {
                    return buckets.run(bucket, command).join();
                }
            });
        }

        BucketState command(Runner runner) {
            Shape shape = Shape.of(limits);
            return switch (name) {
                case "take" ->
                    runner.run(new TakeCommand(shape, List.of(amount), PRECISION))
                            .answers()
                            .get(0);
                case "refund" -> runner.run(new GiveCommand(Kind.REFUND, shape, amount, PRECISION));
                default -> runner.run(new GiveCommand(Kind.GRANT, shape, amount, PRECISION));
            };
        }

        /** Carries a command out on a bucket. */
        interface Runner {
            <T> T run(BucketCommand<T> command);
        }
    }
}
