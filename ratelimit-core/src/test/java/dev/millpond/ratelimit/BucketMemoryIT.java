package dev.millpond.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a bucket takes in Redis under the namespace that users get: 200 bytes with jemalloc, which Redis is built with
 * on Linux. Another allocator counts 8 bytes more for each of the two allocations, name and value.
 */
class BucketMemoryIT {

    private static final int LONGEST_NAME = 44; // one more is rounded up to the next 16 bytes

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    @ParameterizedTest
    @MethodSource("builtInTiers")
    void tryAcquire_tierThatIsBuiltIn_keepsABucketIn200Bytes(Tier tier) {
        Client client = Client.of("key-of-" + tier.name(), "192.0.2.1");
        try (RedisConnection connection = PatientRedis.connect(REDIS.url())) {
            takeSome(connection, client, tier);
        }

        String bucket = bucketOf(tier);
        assertThat(bucket).hasSizeLessThanOrEqualTo(LONGEST_NAME);
        assertThat((Long) REDIS.server().command("MEMORY", "USAGE", bucket))
                .isLessThanOrEqualTo(jemalloc() ? 200 : 216);
        assertThat((Long) REDIS.server().command("PTTL", bucket)).isBetween(1L, 82_000L);
    }

    static Stream<Tier> builtInTiers() {
        return Stream.of(Tier.FREE, Tier.STANDARD, Tier.PRO, Tier.ENTERPRISE);
    }

    private static void takeSome(RedisConnection connection, Client client, Tier tier) {
        try (RateLimiter limiter = RateLimiter.builder()
                .redis(connection)
                .secret("a-long-random-secret")
                .decisionTimeout(Duration.ofSeconds(5))
                .tierOf(key -> Optional.of(tier))
                .build()) {
            limiter.tryAcquire(client, tier.capacity() - 3);
            assertThat(limiter.tryAcquire(client, 2).outcome()).isEqualTo(RateLimitDecision.Outcome.ALLOWED_BURST);
        }
    }

    private static String bucketOf(Tier tier) {
        List<?> keys = (List<?>) requireNonNull(REDIS.server().command("KEYS", "millpond:rl:{*}:" + tier.name()));
        assertThat(keys).hasSize(1);
        return String.valueOf(keys.get(0));
    }

    private static boolean jemalloc() {
        return String.valueOf(REDIS.server().command("INFO", "memory")).contains("mem_allocator:jemalloc");
    }
}
