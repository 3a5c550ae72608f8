package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients who make up keys get no buckets and no memory for them. {@code -Dmillpond.random-keys=1000000} makes it as
 * long as the promise is.
 */
@Tag("one-jdk")
class RandomKeysIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Logger log = LoggerFactory.getLogger(RandomKeysIT.class);
    private static final int KEYS = Integer.getInteger("millpond.random-keys", 30_000);
    private static final int ADDRESSES = 200;
    private static final String KNOWN = "the-one-that-is-known";
    private static final long MEGABYTE = 1 << 20;

    private final AtomicInteger denied = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @Test
    void randomKeys_ofFewAddresses_leaveRedisAndTheHeapAsTheyWere() {
        try (RedisConnection connection = PatientRedis.connect(redis.url());
                RateLimiter limiter = limiter(connection)) {
            RateLimitFilter filter = RateLimitFilter.builder(limiter).build();
            flood(filter, 10_000); // classes are loaded, and caches and pools have their size
            denied.set(0);
            asked.set(0);
            long before = usedHeap();
            long begun = System.nanoTime();

            flood(filter, KEYS);

            double seconds = (System.nanoTime() - begun) / 1e9;
            long grown = (usedHeap() - before) / MEGABYTE;
            long buckets = buckets();
            log.info(
                    "{} random keys from {} addresses in {} s: {} denied, {} look-ups; {} keys in Redis, heap grown by {} MB",
                    KEYS,
                    ADDRESSES,
                    Math.round(seconds * 10) / 10.0,
                    denied,
                    asked,
                    buckets,
                    grown);
            assertThat(buckets).isBetween((long) ADDRESSES, ADDRESSES + 2L);
            assertThat(grown).as("MB for 50 000 kept answers at most").isLessThan(40);
            assertThat(denied.get()).isGreaterThan(KEYS - ADDRESSES * 50);
            assertThat(asked.get())
                    .as("look-ups: one per token, and one where a token was expected too early")
                    .isLessThanOrEqualTo(2 * (KEYS - denied.get()) + ADDRESSES);
        }
    }

    @Test
    void randomKeys_ofOneAddress_areLookedUpOncePerTokenAndDoNotHoldUpAKnownKey() {
        try (RedisConnection connection = PatientRedis.connect(redis.url());
                RateLimiter limiter = limiter(
                        connection,
                        Tier.of(
                                "anonymous",
                                RateLimit.of(20, Duration.ofDays(1)).withBurst(5)))) {
            RateLimitFilter filter = RateLimitFilter.builder(limiter).build();
            Random random = new Random(7);
            awaitThatDenialsAreRemembered(filter, random);
            asked.set(0);
            denied.set(0);
            ask(filter, KNOWN, "203.0.113.1");

            for (int i = 0; i < 10_000; i++) {
                ask(filter, "key-" + random.nextLong(), "203.0.113.1");
                if (i % 100 == 0) {
                    ask(filter, KNOWN, "203.0.113.1");
                }
            }

            assertThat(asked).as("the known key, and one per token").hasValue(1 + 25);
            assertThat(denied).as("none with the known key").hasValue(10_000 - 25);
        }
    }

    /** Which they are as soon as this node hears of what others do. */
    private void awaitThatDenialsAreRemembered(Filter filter, Random random) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    int before = asked.get();
                    ask(filter, "key-" + random.nextLong(), "203.0.113.2");
                    return asked.get() == before;
                });
    }

    @Test
    void randomKeys_behindAGuard_areNotLookedUpAboveItsLimit() {
        try (RedisConnection connection = PatientRedis.connect(redis.url());
                RateLimiter limiter = limiter(connection, Tier.PRO)) {
            RateLimitFilter tiers = RateLimitFilter.builder(limiter).build();
            RateLimitFilter guard = RateLimitFilter.builder(limiter)
                    .guard(Tier.of("address", RateLimit.of(20, Duration.ofDays(1))))
                    .build();

            flood(
                    (request, response, rest) ->
                            guard.doFilter(request, response, (a, o) -> tiers.doFilter(a, o, rest)),
                    20_000);

            assertThat(asked).hasValue(ADDRESSES * 20);
            assertThat(buckets())
                    .as("one of the guard and one of the tier")
                    .isBetween(ADDRESSES * 2L, ADDRESSES * 2 + 2L);
        }
    }

    private RateLimiter limiter(RedisConnection connection) {
        return limiter(connection, Tier.FREE);
    }

    private RateLimiter limiter(RedisConnection connection, Tier defaultTier) {
        return RateLimiter.builder()
                .redis(connection)
                .defaultTier(defaultTier)
                .secret("0123456789abcdef")
                .decisionTimeout(Duration.ofSeconds(5))
                .tierOf(key -> {
                    asked.incrementAndGet();
                    return key.equals(KNOWN) ? Optional.of(Tier.PRO) : Optional.empty();
                })
                .build();
    }

    private void flood(Filter filter, int keys) {
        Random random = new Random(42 + keys);
        IntStream.range(0, keys).forEach(i -> ask(filter, "key-" + random.nextLong(), "203.0.113." + i % ADDRESSES));
    }

    private void ask(Filter filter, String key, String address) {
        FakeResponse response = new FakeResponse();
        try {
            filter.doFilter(new FakeRequest().field("X-API-Key", key).from(address), response, (request, other) -> {});
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
        if (response.getStatus() == 429) {
            denied.incrementAndGet();
        }
    }

    private static long buckets() {
        return (Long) Objects.requireNonNull(redis.server().command("DBSIZE"));
    }

    private static long usedHeap() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
