package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.Consistency;
import dev.millpond.cache.OnFailure;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimit.Shape;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.servlet.HeaderDialect;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

final class MillpondPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Binding.class);

    @Test
    void bind_nothing_hasDefaults() {
        bind(properties -> {
            assertThat(properties.enabled()).isTrue();
            assertThat(properties.namespace()).isEqualTo("millpond");
            assertThat(properties.redis()).isEqualTo(new MillpondProperties.Redis(null, null));
            assertThat(properties.caching()).isTrue();
        });
    }

    @Test
    void bind_nothing_hasDefaultsOfCaches() {
        bind(properties -> {
            CacheProperties cache = properties.cache();
            assertThat(cache.timeToLive()).isEqualTo(Duration.ofMinutes(5));
            assertThat(cache.serveStaleFor()).isZero();
            assertThat(cache.localMaximumSize()).isEqualTo(10_000);
            assertThat(cache.localTimeToLive()).isNull();
            assertThat(cache.absentTimeToLive()).isNull();
            assertThat(cache.consistency()).isEqualTo(Consistency.BOUNDED);
            assertThat(cache.maximumConcurrentLoads()).isEqualTo(64);
            assertThat(cache.failureTimeToLive()).isNull();
            assertThat(cache.softTimeout()).isNull();
            assertThat(cache.hardTimeout()).isNull();
            assertThat(cache.refreshAhead()).isZero();
            assertThat(cache.slowLoadThreshold()).isEqualTo(Duration.ofMillis(100));
            assertThat(cache.hotKeys()).isZero();
            assertThat(cache.stalenessBound()).isEqualTo(Duration.ofSeconds(2));
            assertThat(cache.pollInterval()).isEqualTo(Duration.ofMillis(500));
            assertThat(cache.annotations()).isNull();
            assertThat(cache.statusField()).isFalse();
            assertThat(cache.caches()).isEmpty();
        });
    }

    @Test
    void bind_nothing_hasDefaultsOfWarmUpsAndJobs() {
        bind(properties -> {
            assertThat(properties.cache().warmUp())
                    .isEqualTo(new WarmUpSettings(
                            true,
                            List.of(),
                            Duration.ofMinutes(1),
                            4,
                            null,
                            100,
                            Duration.ofMinutes(10),
                            OnFailure.ACCUMULATE,
                            List.of(),
                            Map.of()));
            assertThat(properties.cache().warmUp().ofWarmer("any")).isEqualTo(WarmerSettings.NONE);
            assertThat(properties.jobs()).isEqualTo(new JobsSettings(true, Duration.ZERO, 4));
        });
    }

    @Test
    void bind_warmUpsAndJobs_areTaken() {
        bind(
                properties -> {
                    WarmUpSettings warmUp = properties.cache().warmUp();
                    assertThat(warmUp.enabled()).isFalse();
                    assertThat(warmUp.readyAfter()).containsExactly("standings", "teams");
                    assertThat(warmUp.readyLimit()).isEqualTo(Duration.ofSeconds(30));
                    assertThat(warmUp.ofWarmer("standings"))
                            .isEqualTo(new WarmerSettings(
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    Duration.ofMinutes(2),
                                    Duration.ofHours(1),
                                    Duration.ofMinutes(10),
                                    null,
                                    null));
                    assertThat(warmUp.ofWarmer("teams"))
                            .isEqualTo(new WarmerSettings(
                                    8,
                                    0.5,
                                    20,
                                    Duration.ofMinutes(1),
                                    OnFailure.FAIL,
                                    null,
                                    null,
                                    null,
                                    "0 30 4 * * MON-FRI",
                                    ZoneId.of("Europe/Berlin")));
                    assertThat(properties.jobs()).isEqualTo(new JobsSettings(false, Duration.ofSeconds(20), 8));
                },
                "millpond.cache.warm-up.enabled=false",
                "millpond.cache.warm-up.ready-after=standings,teams",
                "millpond.cache.warm-up.ready-limit=30s",
                "millpond.cache.warm-up.warmers.standings.refill-every=2m",
                "millpond.cache.warm-up.warmers.standings.refresh-every=1h",
                "millpond.cache.warm-up.warmers.standings.refresh-offset=10m",
                "millpond.cache.warm-up.warmers.teams.concurrency=8",
                "millpond.cache.warm-up.warmers.teams.loadsPerSecond=0.5",
                "millpond.cache.warm-up.warmers.teams.batch_size=20",
                "millpond.cache.warm-up.warmers.teams.deadline=1m",
                "millpond.cache.warm-up.warmers.teams.on-failure=FAIL",
                "millpond.cache.warm-up.warmers.teams.refresh-cron=0 30 4 * * MON-FRI",
                "millpond.cache.warm-up.warmers.teams.refresh-zone=Europe/Berlin",
                "millpond.jobs.staggered=false",
                "millpond.jobs.jitter=20s",
                "millpond.jobs.concurrency=8");
    }

    @Test
    void bind_limitsOfAllWarmers_areTakenFromTheEnvironmentToo() {
        withVariables(
                Map.of(
                        "MILLPOND_CACHE_WARMUP_CONCURRENCY", "2",
                        "MILLPOND_CACHE_WARMUP_LOADSPERSECOND", "50",
                        "MILLPOND_CACHE_WARMUP_BATCHSIZE", "500",
                        "MILLPOND_CACHE_WARMUP_DEADLINE", "90s",
                        "MILLPOND_CACHE_WARMUP_ONFAILURE", "fail",
                        "MILLPOND_CACHE_WARMUP_HOTKEYSOF", "products,prices",
                        "MILLPOND_CACHE_WARMUP_WARMERS_TEAMS_BATCHSIZE", "10"),
                properties -> {
                    WarmUpSettings warmUp = properties.cache().warmUp();
                    assertThat(warmUp.common())
                            .isEqualTo(new WarmerSettings(
                                    2,
                                    50.0,
                                    500,
                                    Duration.ofSeconds(90),
                                    OnFailure.FAIL,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null));
                    assertThat(warmUp.hotKeysOf()).containsExactly("products", "prices");
                    assertThat(warmUp.ofWarmer("teams").batchSize()).isEqualTo(10);
                });
    }

    @Test
    void bind_nothing_hasDefaultsOfRateLimits() {
        bind(properties -> {
            RateLimitProperties limits = properties.rateLimit();
            assertThat(limits.enabled()).isNull();
            assertThat(limits.clientKey()).containsExactly("header:X-API-Key");
            assertThat(limits.defaultTier()).isEqualTo("free");
            assertThat(limits.whenRedisIsDown()).isEqualTo(FailurePolicy.LIMIT_LOCALLY);
            assertThat(limits.expectedNodes()).isNull();
            assertThat(limits.decisionTimeout()).isEqualTo(Duration.ofMillis(50));
            assertThat(limits.headerDialect()).isEqualTo(HeaderDialect.IETF_DRAFT_11);
            assertThat(limits.paths()).containsExactly("/**");
            assertThat(limits.filterOrder()).isEqualTo(-90);
        });
    }

    @Test
    void bind_cachesByName_haveOwnSettings() {
        bind(
                properties -> assertThat(properties.cache().ofCache("standings"))
                        .isEqualTo(new CacheSettings(
                                false,
                                Duration.ofMinutes(10),
                                null,
                                null,
                                Duration.ofHours(1),
                                Duration.ofMinutes(20),
                                500L,
                                Consistency.BOUNDED,
                                8,
                                Duration.ofSeconds(3),
                                Duration.ofMillis(200),
                                Duration.ofSeconds(2),
                                1.5,
                                Duration.ofSeconds(1),
                                1_000)),
                "millpond.cache.caches.standings.enabled=false",
                "millpond.cache.caches.standings.time-to-live=10m",
                "millpond.cache.caches.standings.serve-stale-for=1h",
                "millpond.cache.caches.standings.serve-unconfirmed-for=20m",
                "millpond.cache.caches.standings.local-maximum-size=500",
                "millpond.cache.caches.standings.consistency=bounded",
                "millpond.cache.caches.standings.maximum-concurrent-loads=8",
                "millpond.cache.caches.standings.failure-time-to-live=3s",
                "millpond.cache.caches.standings.soft-timeout=200ms",
                "millpond.cache.caches.standings.hard-timeout=2s",
                "millpond.cache.caches.standings.refresh-ahead=1.5",
                "millpond.cache.caches.standings.slow-load-threshold=1s",
                "millpond.cache.caches.standings.hot-keys=1000");
    }

    @Test
    void bind_consistencyOfAllCaches_isTaken() {
        bind(
                properties -> {
                    assertThat(properties.cache().consistency()).isEqualTo(Consistency.STRICT);
                    assertThat(properties.cache().common().consistency()).isEqualTo(Consistency.STRICT);
                    assertThat(properties.cache().stalenessBound()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(properties.cache().pollInterval()).isEqualTo(Duration.ofMillis(100));
                },
                "millpond.cache.consistency=strict",
                "millpond.cache.staleness-bound=5s",
                "millpond.cache.poll-interval=100ms");
    }

    @Test
    void bind_emptyUrlAndConfig_areNotSet() {
        bind(
                properties -> assertThat(properties.redis()).isEqualTo(new MillpondProperties.Redis(null, null)),
                "millpond.redis.url=",
                "millpond.redis.config=");
    }

    @Test
    void bind_cacheWithoutProperties_setsNothing() {
        bind(properties -> assertThat(properties.cache().ofCache("other")).isEqualTo(CacheSettings.NONE));
    }

    @Test
    void bind_tier_isPerMinuteWithoutBurstUnlessItSaysOtherwise() {
        bind(
                properties -> {
                    Tiers tiers = Tiers.of(properties.rateLimit());
                    assertThat(tiers.get("partner").limit()).isEqualTo(RateLimit.perMinute(50));
                    assertThat(tiers.get("batch").limit())
                            .isEqualTo(RateLimit.of(3, Duration.ofSeconds(10)).withBurst(4));
                },
                "millpond.rate-limit.tiers.partner.limit=50",
                "millpond.rate-limit.tiers.batch.limit=3",
                "millpond.rate-limit.tiers.batch.per=10s",
                "millpond.rate-limit.tiers.batch.burst=4");
    }

    @Test
    void bind_tierWithAShapeAndFurtherLimits_hasThem() {
        bind(
                properties -> assertThat(Tiers.of(properties.rateLimit()).get("gold"))
                        .isEqualTo(Tier.of(
                                        "gold",
                                        RateLimit.perMinute(50).withBurst(5).smooth(),
                                        RateLimit.of(1_000, Duration.ofDays(1)).inAlignedWindows(),
                                        RateLimit.of(300, Duration.ofHours(1))
                                                .withBurst(30)
                                                .inWindows())
                                .withLease(5)),
                "millpond.rate-limit.tiers.gold.limit=50",
                "millpond.rate-limit.tiers.gold.lease=5",
                "millpond.rate-limit.tiers.gold.burst=5",
                "millpond.rate-limit.tiers.gold.shape=smooth",
                "millpond.rate-limit.tiers.gold.further[0].limit=1000",
                "millpond.rate-limit.tiers.gold.further[0].per=1d",
                "millpond.rate-limit.tiers.gold.further[0].shape=aligned-window",
                "millpond.rate-limit.tiers.gold.further[1].limit=300",
                "millpond.rate-limit.tiers.gold.further[1].per=1h",
                "millpond.rate-limit.tiers.gold.further[1].burst=30",
                "millpond.rate-limit.tiers.gold.further[1].shape=window");
    }

    @Test
    void bind_engine_isTheScriptUnlessItSaysOtherwise() {
        bind(properties -> assertThat(properties.rateLimit().engine()).isEqualTo(RedisEngine.SCRIPT));
        bind(
                properties -> assertThat(properties.rateLimit().engine()).isEqualTo(RedisEngine.CAS),
                "millpond.rate-limit.engine=cas");
    }

    @Test
    void bind_tierOfABuiltInName_replacesIt() {
        bind(
                properties -> {
                    Tiers tiers = Tiers.of(properties.rateLimit());
                    assertThat(tiers.get("free").limit()).isEqualTo(RateLimit.perMinute(5));
                    assertThat(tiers.find("pro")).contains(Tier.PRO);
                },
                "millpond.rate-limit.tiers.free.limit=5");
    }

    @Test
    void bind_tierOfABuiltInNameWithoutALimit_keepsWhatItDoesNotSay() {
        bind(
                properties -> {
                    Tiers tiers = Tiers.of(properties.rateLimit());
                    assertThat(tiers.get("free")).isEqualTo(Tier.FREE);
                    assertThat(tiers.get("standard").limit())
                            .isEqualTo(new RateLimit(100, Duration.ofHours(1), 20, Shape.SMOOTH));
                    assertThat(tiers.get("pro").limit())
                            .isEqualTo(RateLimit.perMinute(1_000).withBurst(5));
                    assertThat(tiers.get("enterprise").limits())
                            .containsExactly(Tier.ENTERPRISE.limit(), RateLimit.of(7, Duration.ofSeconds(1)));
                },
                "millpond.rate-limit.tiers.free.mode=shadow",
                "millpond.rate-limit.tiers.standard.per=1h",
                "millpond.rate-limit.tiers.standard.shape=smooth",
                "millpond.rate-limit.tiers.pro.burst=5",
                "millpond.rate-limit.tiers.enterprise.further[0].limit=7",
                "millpond.rate-limit.tiers.enterprise.further[0].per=1s");
    }

    @Test
    void bind_inFlight_isTakenWithItsTimeout() {
        bind(
                properties -> {
                    Tiers tiers = Tiers.of(properties.rateLimit());
                    assertThat(tiers.get("free")).isEqualTo(Tier.FREE.withInFlight(3));
                    assertThat(tiers.get("gold").inFlight()).contains(new InFlightLimit(20, Duration.ofMinutes(5)));
                    assertThat(tiers.get("pro").inFlight()).isEmpty();
                },
                "millpond.rate-limit.tiers.free.in-flight=3",
                "millpond.rate-limit.tiers.gold.limit=7",
                "millpond.rate-limit.tiers.gold.in-flight=20",
                "millpond.rate-limit.tiers.gold.in-flight-timeout=5m");
    }

    @Test
    void bind_environmentVariable_isTheRedisUrl() {
        withVariables(
                Map.of(
                        "MILLPOND_REDIS_URL", "redis://localhost:6379",
                        "MILLPOND_TEST_REDIS", "not a property of ours"),
                properties -> assertThat(properties.redis().url()).isEqualTo("redis://localhost:6379"));
    }

    private void withVariables(Map<String, Object> variables, Consumer<MillpondProperties> assertions) {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)))
                .run(context -> assertions.accept(context.getBean(MillpondProperties.class)));
    }

    @Test
    void caching_millpondDisabled_isOff() {
        bind(properties -> assertThat(properties.caching()).isFalse(), "millpond.enabled=false");
    }

    @Test
    void caching_cacheDisabled_isOff() {
        bind(properties -> assertThat(properties.caching()).isFalse(), "millpond.cache.enabled=false");
    }

    @Test
    void toString_secrets_areHidden() {
        bind(
                properties -> assertThat(properties.toString())
                        .contains("acme")
                        .doesNotContain("key-of-acme", "swordfish", "0123456789abcdef", "key-of-monitor"),
                "millpond.redis.url=rediss://app:swordfish@localhost:6380",
                "millpond.rate-limit.secret=0123456789abcdef",
                "millpond.rate-limit.allowlist=key-of-monitor",
                "millpond.rate-limit.clients.acme.key=key-of-acme",
                "millpond.rate-limit.clients.acme.tier=pro");
    }

    private void bind(Consumer<MillpondProperties> assertions, String... properties) {
        runner.withPropertyValues(properties)
                .run(context -> assertions.accept(context.getBean(MillpondProperties.class)));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(MillpondProperties.class)
    static class Binding {}
}
