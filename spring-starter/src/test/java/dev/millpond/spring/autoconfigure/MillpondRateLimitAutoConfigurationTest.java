package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.Denylist;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.spring.FakeRedisConnection;
import dev.millpond.spring.RateLimiterBuilderCustomizer;
import dev.millpond.spring.Tiers;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

final class MillpondRateLimitAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MillpondRateLimitAutoConfiguration.class));

    @Test
    void limiter_nothingSet_countsByAddressInTheFreeTier() {
        runner.run(context -> {
            RateLimitDecision decision =
                    context.getBean(RateLimiter.class).tryAcquire(Client.ofAddress("192.0.2.1"), 1);
            assertThat(decision.tier()).isEqualTo(Tier.FREE);
            assertThat(decision.remaining()).isEqualTo(11);
        });
    }

    @Test
    void limiter_nobodyAsksForIt_isNotMade() {
        AtomicInteger made = new AtomicInteger();
        runner.withBean(RateLimiterBuilderCustomizer.class, () -> builder -> made.incrementAndGet())
                .run(context -> {
                    assertThat(made).hasValue(0);
                    context.getBean(RateLimiter.class);
                    assertThat(made).hasValue(1);
                });
    }

    @Test
    void limiter_ofTheApplication_wins() {
        RateLimiter own = RateLimiter.builder().build();
        runner.withBean(RateLimiter.class, () -> own)
                .run(context -> assertThat(context.getBean(RateLimiter.class)).isSameAs(own));
    }

    @Test
    void limiter_clientInTheProperties_hasItsTier() {
        runner.withPropertyValues(
                        "millpond.rate-limit.clients.acme.key=key-of-acme",
                        "millpond.rate-limit.clients.acme.tier=gold",
                        "millpond.rate-limit.tiers.gold.limit=7")
                .run(context -> {
                    RateLimiter limiter = context.getBean(RateLimiter.class);
                    assertThat(limiter.tryAcquire("key-of-acme").tier().name()).isEqualTo("gold");
                    assertThat(limiter.tryAcquire("another-key").tier()).isEqualTo(Tier.FREE);
                });
    }

    @Test
    void limiter_modes_areThoseOfTheProperties() {
        runner.withPropertyValues(
                        "millpond.rate-limit.mode=25%",
                        "millpond.rate-limit.tiers.gold.limit=7",
                        "millpond.rate-limit.tiers.gold.mode=shadow",
                        "millpond.rate-limit.routes.search.paths=/search",
                        "millpond.rate-limit.routes.search.mode=false") // an unquoted off in YAML
                .run(context -> assertThat(context.getBean(RateLimiter.class).rules())
                        .isEqualTo(RateLimitRules.none()
                                .withTier(Tier.of("gold", RateLimit.perMinute(7)))
                                .withMode(RateLimitMode.enforceFor(25))
                                .withModeOfTier("gold", RateLimitMode.SHADOW)
                                .withModeOfRoute("search", RateLimitMode.OFF)));
    }

    @Test
    void limiter_denylist_isDeniedUnlessOnTheAllowlist() {
        runner.withPropertyValues(
                        "millpond.rate-limit.denylist=192.0.2.0/24,leaked-key",
                        "millpond.rate-limit.allowlist=192.0.2.7")
                .run(context -> {
                    RateLimiter limiter = context.getBean(RateLimiter.class);
                    assertThat(limiter.tryAcquire("leaked-key").outcome()).isEqualTo(Outcome.DENYLISTED);
                    assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.8"), 1)
                                    .outcome())
                            .isEqualTo(Outcome.DENYLISTED);
                    assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.7"), 1)
                                    .outcome())
                            .isEqualTo(Outcome.ALLOWLISTED);
                });
    }

    @Test
    void limiter_nothingSetOfRules_leavesThemToTheCustomizer() {
        runner.withBean(
                        RateLimiterBuilderCustomizer.class,
                        () -> builder -> builder.rules(RateLimitRules.none().withMode(RateLimitMode.OFF))
                                .denylist(Denylist.none()))
                .run(context -> assertThat(
                                context.getBean(RateLimiter.class).rules().mode())
                        .contains(RateLimitMode.OFF));
    }

    @Test
    void limiter_tierResolver_isAskedForOtherClients() {
        runner.withBean(TierResolver.class, () -> key -> Optional.of(Tier.ENTERPRISE))
                .withPropertyValues(
                        "millpond.rate-limit.clients.acme.key=key-of-acme", "millpond.rate-limit.clients.acme.tier=pro")
                .run(context -> {
                    RateLimiter limiter = context.getBean(RateLimiter.class);
                    assertThat(limiter.tryAcquire("key-of-acme").tier()).isEqualTo(Tier.PRO);
                    assertThat(limiter.tryAcquire("another-key").tier()).isEqualTo(Tier.ENTERPRISE);
                });
    }

    @Test
    void limiter_allowlist_isNotLimited() {
        runner.withPropertyValues("millpond.rate-limit.allowlist=10.0.0.0/8,key-of-monitor")
                .run(context -> {
                    RateLimiter limiter = context.getBean(RateLimiter.class);
                    assertThat(limiter.tryAcquire("key-of-monitor").outcome()).isEqualTo(Outcome.ALLOWLISTED);
                    assertThat(limiter.tryAcquire(Client.ofAddress("10.1.2.3"), 1)
                                    .outcome())
                            .isEqualTo(Outcome.ALLOWLISTED);
                    assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.1"), 1)
                                    .outcome())
                            .isEqualTo(Outcome.ALLOWED);
                });
    }

    @Test
    void limiter_millpondDisabled_admitsEverybody() {
        assertAdmitsEverybody("millpond.enabled=false");
    }

    @Test
    void limiter_rateLimitsDisabled_admitsEverybody() {
        assertAdmitsEverybody("millpond.rate-limit.enabled=false");
    }

    @ParameterizedTest
    @CsvSource({"millpond.rate-limit.expected-nodes=4, 4", "millpond.rate-limit.mode=enforce, 1"})
    void limiter_expectedNodes_areThoseOrAsManyAsAreKnown(String property, int nodes) {
        runner.withPropertyValues("millpond.rate-limit.secret=0123456789abcdef", property)
                .run(context ->
                        assertThat(context.getBean(RateLimiter.class).nodes()).isEqualTo(nodes));
    }

    @Test
    void limiter_redisIsAway_followsThePolicyOfTheTier() {
        runner.withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .withPropertyValues(
                        "millpond.rate-limit.secret=0123456789abcdef",
                        "millpond.rate-limit.when-redis-is-down=deny",
                        "millpond.rate-limit.tiers.gold.limit=7",
                        "millpond.rate-limit.tiers.gold.when-redis-is-down=allow",
                        "millpond.rate-limit.clients.acme.key=key-of-acme",
                        "millpond.rate-limit.clients.acme.tier=gold")
                .run(context -> {
                    RateLimiter limiter = context.getBean(RateLimiter.class);
                    assertThat(limiter.tryAcquire("key-of-acme").outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);
                    assertThat(limiter.tryAcquire("another-key").outcome()).isEqualTo(Outcome.DENIED_DEGRADED);
                });
    }

    @Test
    void tiers_nothingSet_areTheBuiltInOnes() {
        runner.run(context -> {
            Tiers tiers = context.getBean(Tiers.class);
            assertThat(tiers.get("standard")).isEqualTo(Tier.STANDARD);
            assertThat(tiers.find("gold")).isEmpty();
        });
    }

    @Test
    void tiers_unknownName_saysWhichThereAre() {
        runner.run(context -> assertThat(
                        catchThrowable(() -> context.getBean(Tiers.class).get("gold")))
                .hasMessage(
                        "There is no tier 'gold', only [enterprise, free, pro, standard]. Use one of these or define"
                                + " 'millpond.rate-limit.tiers.gold.limit'."));
    }

    @Test
    void limiter_withoutAWebServer_isThere() {
        runner.withClassLoader(new FilteredClassLoader("jakarta.servlet"))
                .run(context -> assertThat(context).hasSingleBean(RateLimiter.class));
    }

    private void assertAdmitsEverybody(String property) {
        runner.withPropertyValues(property).run(context -> {
            RateLimiter limiter = context.getBean(RateLimiter.class);
            assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.1"), 1_000).allowed())
                    .isTrue();
        });
    }
}
