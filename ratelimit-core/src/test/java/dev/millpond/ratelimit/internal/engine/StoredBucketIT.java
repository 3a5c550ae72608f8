package dev.millpond.ratelimit.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FakeTicker;
import dev.millpond.testkit.RedisExtension;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.serialization.Mapper;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.client.codec.ByteArrayCodec;

/** Buckets in Redis as others find them: Bucket4j itself, the other engine, Redis and its memory. */
class StoredBucketIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    /** A name as long as the ones that clients have. */
    private static final String NAME = "millpond:rl:{0123456789abcdefghijkl}:";

    private static final Tier QUOTA =
            Tier.of("quota", RateLimit.perMinute(10).withBurst(2).inWindows());

    private static final Tier TWO_LIMITS =
            Tier.of("two-limits", RateLimit.perSecond(10), RateLimit.of(1_000, Duration.ofDays(1)));

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;

    private final FakeTicker clock = new FakeTicker();
    private final LimitEngine script = engine(RedisEngine.SCRIPT);
    private final LimitEngine swap = engine(RedisEngine.CAS);

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connect(REDIS.url());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    @BeforeEach
    void begin() {
        REDIS.server().flush();
    }

    private LimitEngine engine(RedisEngine engine) {
        return HandClockContract.engine(engine, connection, clock);
    }

    /** Returns Bucket4j's own way to a bucket, without any class of ours but the one that moves bytes. */
    private static Bucket bucket4j(Function<RedisBuckets<String>, Bucket> open) {
        return open.apply(new RedisBuckets<>(
                ClientSideConfig.getDefault(),
                connection.guard(),
                Mapper.STRING,
                LONG_ENOUGH,
                Ticker.systemTicker(),
                UnaryOperator.identity()));
    }

    private static long remaining(LimitEngine engine, Tier tier, long cost) {
        return engine.take("bucket", tier.limits(), cost)
                .toCompletableFuture()
                .join()
                .remaining();
    }

    private static long number(String... command) {
        return (Long) requireNonNull(REDIS.server().command(command));
    }

    private static String stored() {
        byte[] bytes = connection
                .guard()
                .call(
                        LONG_ENOUGH,
                        client -> client.<byte[]>getBucket("bucket", ByteArrayCodec.INSTANCE)
                                .getAsync());
        return HexFormat.of().formatHex(requireNonNull(bytes));
    }

    @Test
    void take_newBucket_isStoredInTheKnownFormat() {
        remaining(script, Tier.FREE, 7);

        assertThat(stored())
                .isEqualTo(
                        "00000001" // format of a bucket without a version of its configuration
                                + "00000001" + "00000001" // format of a configuration, one limit
                                + "00000001" + "000000000000000c"
                                + "000000000000000c" // format, capacity, tokens at first
                                + "0000000df8475800" + "000000000000000a" // a minute in nanoseconds, tokens per minute
                                + "00" + "8000000000000000" + "00"
                                + "00" // evenly, no first refill, not adaptive, no name
                                + "00000003" + "00000001" + "00000003" // 64-bit integers, format, three of them
                                + "18867251edfa0000" + "0000000000000005"
                                + "0000000000000000" // refilled at, tokens, remainder
                                + "00000001" + "0000000000000007"); // format of statistics, tokens taken
    }

    /** All others answer the same, only later, so nothing else would tell. */
    @Test
    void take_usualCase_needsTheFirstPartOfTheScriptAlone() {
        String otherCases = BucketScript.read("bucket-format.lua");
        UnaryOperator<String> firstPart =
                text -> new HandClockScript(clock).apply(text.substring(0, text.indexOf(otherCases)));
        LimitEngine usual = HandClockContract.engine(RedisEngine.SCRIPT, connection, clock, firstPart);

        assertThat(remaining(usual, Tier.FREE, 13)).isEqualTo(12);
        assertThat(number("EXISTS", "bucket")).as("nothing was taken").isZero();
        assertThat(remaining(usual, Tier.FREE, 7)).isEqualTo(5);
        assertThat(remaining(usual, Tier.FREE, 2)).isEqualTo(3);
        assertThat(remaining(usual, Tier.FREE, 4)).isEqualTo(3);
        clock.advance(Duration.ofSeconds(6));
        assertThat(remaining(usual, Tier.FREE, 4)).isZero();
        assertThat(remaining(script, Tier.FREE, 0)).isZero();
    }

    @Test
    void take_engineSwitchedOnALiveBucket_countsOn() {
        assertThat(remaining(swap, Tier.FREE, 3)).isEqualTo(9);
        assertThat(remaining(script, Tier.FREE, 3)).isEqualTo(6);
        assertThat(remaining(swap, Tier.FREE, 3)).isEqualTo(3);
        clock.advance(Duration.ofSeconds(6));
        assertThat(remaining(script, Tier.FREE, 3)).isEqualTo(1);
        assertThat(stored()).hasSize(214);
    }

    @Test
    void take_twoLimitsAndTheEngineSwitched_countsOn() {
        assertThat(remaining(script, TWO_LIMITS, 4)).isEqualTo(6);
        assertThat(remaining(swap, TWO_LIMITS, 4)).isEqualTo(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(remaining(script, TWO_LIMITS, 10)).isZero();
        assertThat(script.peek("bucket", TWO_LIMITS.limits())
                        .toCompletableFuture()
                        .join()
                        .levels())
                .extracting(LimitEngine.Level::remaining)
                .containsExactly(0L, 982L);
    }

    @Test
    void bucket4j_bucketOfTheScript_isReadAndWritten() {
        LimitEngine now = new RedisLimitEngine(
                RedisEngine.SCRIPT,
                connection.guard(),
                LONG_ENOUGH,
                java.time.InstantSource.system(),
                Ticker.systemTicker(),
                "test:rl");
        Tier daily = Tier.of("daily", RateLimit.of(100, Duration.ofDays(1)));
        assertThat(remaining(now, daily, 40)).isEqualTo(60);
        BucketConfiguration configuration = Shape.of(daily.limits()).configuration();

        Bucket bucket = bucket4j(buckets -> buckets.builder().build("bucket", () -> configuration));

        assertThat(bucket.getAvailableTokens()).isEqualTo(60);
        assertThat(bucket.tryConsume(20)).isTrue();
        assertThat(remaining(now, daily, 30)).isEqualTo(10);
        assertThat(bucket.tryConsume(11)).isFalse();
        assertThat(bucket.tryConsumeAsMuchAsPossible()).isEqualTo(10);
    }

    @Test
    void bucket4j_windowsOfTheScript_areReadAndWritten() {
        LimitEngine now = new RedisLimitEngine(
                RedisEngine.SCRIPT,
                connection.guard(),
                LONG_ENOUGH,
                java.time.InstantSource.system(),
                Ticker.systemTicker(),
                "test:rl");
        Tier quotas = Tier.of(
                "quotas",
                RateLimit.of(100, Duration.ofDays(1)).inWindows(),
                RateLimit.of(300, Duration.ofDays(30)).withBurst(20).inAlignedWindows());
        assertThat(remaining(now, quotas, 40)).isEqualTo(60);
        BucketConfiguration known = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(100).refillIntervally(100, Duration.ofDays(1)))
                .addLimit(limit -> limit.capacity(320).refillIntervallyAligned(320, Duration.ofDays(30), Instant.EPOCH))
                .build();

        Bucket bucket = bucket4j(buckets -> buckets.builder().build("bucket", () -> known));

        assertThat(bucket.getAvailableTokens()).isEqualTo(60);
        assertThat(bucket.tryConsume(20)).isTrue();
        assertThat(remaining(now, quotas, 30)).isEqualTo(10);
        assertThat(bucket.tryConsume(11)).isFalse();
        assertThat(Shape.of(quotas.limits()).configuration()).isEqualTo(known);
    }

    @Test
    void take_bucketOfBucket4jWithNamesAndAVersion_isTakenOver() {
        BucketConfiguration named = BucketConfiguration.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(12)
                        .refillGreedy(12, Duration.ofDays(1))
                        .id("requests")
                        .build())
                .build();
        Bucket bucket = bucket4j(buckets -> buckets.builder()
                .withImplicitConfigurationReplacement(1, TokensInheritanceStrategy.AS_IS)
                .build("bucket", () -> named));
        assertThat(bucket.tryConsume(6)).isTrue();
        assertThat(stored()).startsWith("00000002");

        clock.advance(Duration.ofDays(365 * 50)); // the clock of the test begins in the past
        Tier daily = Tier.of("daily", RateLimit.of(24, Duration.ofDays(1)));
        assertThat(remaining(script, daily, 1)).isEqualTo(23);
        assertThat(remaining(swap, daily, 1)).isEqualTo(22);
        assertThat(remaining(script, daily, 1)).isEqualTo(21);
    }

    @ParameterizedTest
    @MethodSource("tiers")
    void take_someTokens_keepsTheBucketUntilItIsFullAndTenSecondsMore(Tier tier) {
        for (LimitEngine engine : List.of(script, swap)) {
            REDIS.server().flush();
            remaining(engine, tier, tier.capacity());

            long millisToFill = Shape.of(tier.limits()).timeToFill().toMillis();
            long most = 10_000 + (tier.equals(TWO_LIMITS) ? Duration.ofDays(1).toMillis() / 100 : millisToFill);
            assertThat(number("PTTL", "bucket")).isBetween(most - 5_000, most);
        }
    }

    @Test
    void grant_beyondTheCapacity_keepsTheBucketForADay() {
        for (LimitEngine engine : List.of(script, swap)) {
            REDIS.server().flush();
            engine.grant("bucket", Tier.FREE.limits(), 1).toCompletableFuture().join();

            assertThat(number("PTTL", "bucket"))
                    .isBetween(
                            Duration.ofHours(23).toMillis(),
                            Duration.ofHours(24).toMillis());
        }
    }

    @Test
    void grant_beyondTheCapacityOfOneLimit_keepsTheBucketUntilTheOtherIsFull() {
        List<RateLimit> limits = List.of(RateLimit.perMinute(5), RateLimit.of(10, Duration.ofDays(30)));
        for (LimitEngine engine : List.of(script, swap)) {
            REDIS.server().flush();
            engine.take("bucket", limits, 5).toCompletableFuture().join();
            clock.advance(Duration.ofMinutes(1));
            engine.take("bucket", limits, 5).toCompletableFuture().join();
            engine.grant("bucket", limits, 6).toCompletableFuture().join();

            assertThat(number("PTTL", "bucket"))
                    .isBetween(
                            Duration.ofHours(12 * 24 - 1).toMillis(),
                            Duration.ofHours(12 * 24).toMillis());
        }
    }

    @ParameterizedTest
    @MethodSource("tiers")
    void take_someTokens_needsLittleMemory(Tier tier) {
        String name = NAME + tier.name();
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMillis(7));
            script.take(name, tier.limits(), 3).toCompletableFuture().join();
        }

        boolean one = tier.limits().size() == 1;
        assertThat(number("STRLEN", name)).isEqualTo(one ? 107 : 178);
        assertThat(number("MEMORY", "USAGE", name)).isLessThanOrEqualTo(one ? 224 : 304);
    }

    static Stream<Tier> tiers() {
        return Stream.of(Tier.FREE, Tier.STANDARD, Tier.PRO, Tier.ENTERPRISE, QUOTA, TWO_LIMITS);
    }
}
