package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/rate-limits.md}. */
class SnippetsTest {

    interface ApiKeys {
        Optional<Tier> tierOf(String apiKey);
    }

    private Optional<Duration> rejected = Optional.empty();
    private int served;

    private void use(RedisConnection redis, ApiKeys apiKeys, String secret, String apiKey, String address) {
        RateLimiter limiter = RateLimiter.builder()
                .redis(redis) // leave it out for one process
                .namespace("shop")
                .secret(secret) // the same on all nodes
                .tierOf(apiKeys::tierOf) // which tier an API key has
                .defaultTier(Tier.FREE) // everybody else, by address
                .allowlist(Allowlist.of("internal-monitor-5f2c", "10.0.0.0/8"))
                .whenRedisIsDown(FailurePolicy.LIMIT_LOCALLY)
                .build();

        RateLimitDecision decision = limiter.tryAcquire(Client.of(apiKey, address), 1);
        if (!decision.allowed()) {
            reject(decision.retryAfter());
        }
    }

    private void finish(RateLimiter limiter, String apiKey, String address) {
        RateLimitDecision decision = limiter.tryAcquire(Client.of(apiKey, address), 1);
        if (decision.allowed()) {
            try {
                serve();
            } finally {
                decision.permit().ifPresent(Permit::release);
            }
        }
    }

    private void serve() {
        served++;
    }

    private String export(RateLimiter limiter, Client client) throws InterruptedException {
        // A job that is in no hurry waits for its tokens, at most for 30 s, and is told at once if that is in vain.
        RateLimitDecision decision = limiter.acquire(client, 5, Duration.ofSeconds(30));
        return decision.allowed() ? "exported" : "try again in " + decision.retryAfter();
    }

    private CompletionStage<String> search(RateLimiter limiter, Client client, Tier tenantTier) {
        // No thread waits for Redis. What follows must not block: it may run on a thread of the Redis client.
        return limiter.tryAcquireAsync(RateLimitRequest.of(client)
                        .withCost(2)
                        .within(tenantTier, "tenant-7")
                        .onRoute("search"))
                .thenApply(decision -> decision.allowed() ? "found" : "try again in " + decision.retryAfter());
    }

    private RateLimitRules banLeakedKey(RateLimiter limiter, String leakedKey, Instant tomorrow) {
        String digest = limiter.digestOf(Client.ofKey(leakedKey));
        return limiter.changeRules(rules -> rules.withBan(digest, tomorrow).withBan("192.0.2.0/24"));
    }

    private RateLimitRules tryOutATenantLimit(RateLimiter limiter) {
        return limiter.changeRules(rules -> rules.withModeOfTier("tenant", RateLimitMode.SHADOW)
                .withModeOfRoute("search", RateLimitMode.enforceFor(25)));
    }

    private RateLimitRules reload(RateLimiter limiter, Tier pro, RateLimitMode mode) {
        return limiter.replaceBaseRules(RateLimitRules.none().withTier(pro).withMode(mode));
    }

    private void reject(Optional<Duration> retryAfter) {
        rejected = retryAfter;
    }

    @Test
    void reload_otherConfiguration_isInForce() {
        try (RateLimiter limiter = RateLimiter.builder().build()) {
            assertThat(reload(limiter, Tier.PRO.withInFlight(3), RateLimitMode.SHADOW))
                    .isEqualTo(limiter.rules());
        }
    }

    @Test
    void use_redisNotThere_isAllowedLocally() {
        try (RedisConnection redis = RedisConnection.to("redis://127.0.0.1:1")) {
            use(redis, key -> Optional.of(Tier.PRO), "a-long-random-secret", "key-42", "192.0.2.1");
        }

        assertThat(rejected).isEmpty();
    }

    @Test
    void finish_oneRequestAfterTheOther_findAPlace() {
        try (RateLimiter limiter = RateLimiter.builder()
                .tierOf(key -> Optional.of(Tier.PRO.withInFlight(1)))
                .build()) {
            finish(limiter, "key-42", "192.0.2.1");
            finish(limiter, "key-42", "192.0.2.1");
        }

        assertThat(served).isEqualTo(2);
    }

    void export_tokensNeverThere_isToldAtOnce() throws Exception {
        RateLimiter limiter = RateLimiter.builder().build();
        Client client = Client.ofAddress("192.0.2.1");

        assertThat(export(limiter, client)).isEqualTo("exported");
        limiter.tryAcquire(client, 7);
        assertThat(limiter.acquire(client, 5, Duration.ZERO).allowed()).isFalse();
    }

    @Test
    void search_tenantHasTooFewTokens_isToldWhenToComeAgain() {
        RateLimiter limiter = RateLimiter.builder().ticker(() -> 0).build();
        Client client = Client.ofAddress("192.0.2.1");
        Tier tenant = Tier.of("tenant", RateLimit.perMinute(3));

        assertThat(search(limiter, client, tenant).toCompletableFuture()).isCompletedWithValue("found");
        assertThat(search(limiter, client, tenant).toCompletableFuture())
                .isCompletedWithValue("try again in Optional[PT20S]");
    }

    @Test
    void changeRules_bansAndModes_areInForce() {
        RateLimiter limiter = RateLimiter.builder().build();

        banLeakedKey(limiter, "key-42", Instant.MAX);
        RateLimitRules rules = tryOutATenantLimit(limiter);

        assertThat(rules.bans()).hasSize(2);
        assertThat(rules.modesOfTiers()).containsOnlyKeys("tenant");
        assertThat(limiter.tryAcquire("key-42").allowed()).isFalse();
    }
}
