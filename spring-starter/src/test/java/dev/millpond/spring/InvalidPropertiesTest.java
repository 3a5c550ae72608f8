package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

final class InvalidPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Binding.class);

    static Stream<Arguments> invalid() {
        return Stream.of(
                refused(
                        "millpond.namespace=a b",
                        "Property 'millpond.namespace' is 'a b', must be 1 to 64 letters, digits, dots, hyphens or"
                                + " underscores. Use a name such as 'shop'."),
                refused(
                        "millpond.namespace=" + "n".repeat(65),
                        "Property 'millpond.namespace' is '" + "n".repeat(65) + "', must be 1 to 64 letters, digits,"
                                + " dots, hyphens or underscores. Use a name such as 'shop'."),
                refused(
                        "millpond.redis.url=localhost:6379",
                        "Property 'millpond.redis.url' is refused: Redis URL 'localhost:6379' has no redis:// or"
                                + " rediss:// scheme. Use redis://host:port or, for TLS, rediss://host:port."
                                + " Set 'millpond.redis.url' to a URL such as redis://localhost:6379, or remove it to"
                                + " work without Redis."),
                refused(
                        "millpond.cache.time-to-live=0s",
                        "Property 'millpond.cache.time-to-live' is '0s', must be at least 1 ms. Give a duration such as"
                                + " 5m; to switch a cache off, set 'millpond.cache.caches.<name>.enabled' to false."),
                refused(
                        "millpond.cache.caches.h2h.time-to-live=-3s",
                        "Property 'millpond.cache.caches.h2h.time-to-live' is '-3s', must be at least 1 ms."),
                refused(
                        "millpond.cache.local-time-to-live=0s",
                        "Property 'millpond.cache.local-time-to-live' is '0s', must be at least 1 ms."
                                + " Give a duration such as 30s, or remove it."),
                refused(
                        "millpond.cache.absent-time-to-live=-1s",
                        "Property 'millpond.cache.absent-time-to-live' is '-1s', must be zero or more."
                                + " Give a duration such as 30s, or 0s to remember no absence."),
                refused(
                        "millpond.cache.serve-stale-for=-1s",
                        "Property 'millpond.cache.serve-stale-for' is '-1s', must be zero or more."
                                + " Give a duration such as 1h, or 0s to serve nothing stale."),
                refused(
                        "millpond.cache.local-maximum-size=-1",
                        "Property 'millpond.cache.local-maximum-size' is '-1', must be 0 or more."
                                + " Give a number of entries such as 10000."),
                refused(
                        "millpond.cache.maximum-concurrent-loads=0",
                        "Property 'millpond.cache.maximum-concurrent-loads' is '0', must be from 1 to 2147483647."
                                + " Give a number of loads such as 64."),
                refused(
                        "millpond.cache.hot-keys=-1",
                        "Property 'millpond.cache.hot-keys' is '-1', must be from 0 to 10000."
                                + " Give a number of keys such as 10000, or 0 for none."),
                refused(
                        "millpond.cache.failure-time-to-live=-1s",
                        "Property 'millpond.cache.failure-time-to-live' is '-1s', must be zero or more."
                                + " Give a duration such as 1s, or 0s to remember no failure."),
                refused(
                        "millpond.cache.soft-timeout=0s",
                        "Property 'millpond.cache.soft-timeout' is '0s', must be at least 1 ms."
                                + " Give a duration such as 200ms, or remove it."),
                refused(
                        "millpond.cache.caches.h2h.hard-timeout=0s",
                        "Property 'millpond.cache.caches.h2h.hard-timeout' is '0s', must be at least 1 ms."
                                + " Give a duration such as 2s, or remove it."),
                refused(
                        "millpond.cache.refresh-ahead=11",
                        "Property 'millpond.cache.refresh-ahead' is '11.0', must be from 0.0 to 10.0."
                                + " Give 1, or 0 to refresh nothing ahead."),
                refused(
                        "millpond.cache.slow-load-threshold=-1s",
                        "Property 'millpond.cache.slow-load-threshold' is '-1s', must be zero or more."
                                + " Give a duration such as 100ms, or 0s to call no load slow."),
                refused(
                        "millpond.cache.caches[a b].enabled=true",
                        "Property 'millpond.cache.caches.a b' is 'a b', must be 1 to 64 letters, digits, dots, hyphens or"
                                + " underscores. Use the name of the cache, such as 'standings'."),
                refused(
                        "millpond.cache.caches." + "n".repeat(65) + ".enabled=true",
                        "Property 'millpond.cache.caches." + "n".repeat(65) + "' is '" + "n".repeat(65)
                                + "', must be 1 to 64 letters, digits, dots, hyphens or underscores."),
                refused(
                        "millpond.cache.caches.rl.enabled=true",
                        "Property 'millpond.cache.caches.rl' is 'rl', which is the part of keys in Redis that rate"
                                + " limiters use. Use the name of the cache, such as 'standings'."),
                refused(
                        "millpond.cache.time-to-live=400000d",
                        "Property 'millpond.cache.time-to-live' is '400000d', must be at most 100 years."
                                + " Give a duration such as 5m;"),
                refused(
                        "millpond.cache.caches.standings.time-to-live=400000d",
                        "Property 'millpond.cache.caches.standings.time-to-live' is '400000d', must be at most 100 years."
                                + " Give a duration such as 5m;"),
                refused(
                        "millpond.cache.serve-stale-for=400000d",
                        "Property 'millpond.cache.serve-stale-for' is '400000d', must be at most 100 years."
                                + " Give a duration such as 1h, or 0s to serve nothing stale."),
                refused(
                        "millpond.cache.staleness-bound=0s",
                        "Property 'millpond.cache.staleness-bound' is '0s', must be at least 1 ms."
                                + " Give a duration such as 2s."),
                refused(
                        "millpond.cache.poll-interval=-500ms",
                        "Property 'millpond.cache.poll-interval' is '-500ms', must be at least 1 ms."
                                + " Give a duration such as 500ms."),
                refused(
                        "millpond.cache.warm-up.ready-limit=0s",
                        "Property 'millpond.cache.warm-up.ready-limit' is '0s', must be from 1ms to 1d. Give a duration such"
                                + " as 1m; to wait for nothing, remove 'millpond.cache.warm-up.ready-after'."),
                refused(
                        "millpond.cache.warm-up.ready-limit=2d",
                        "Property 'millpond.cache.warm-up.ready-limit' is '2d', must be from 1ms to 1d."),
                refused(
                        "millpond.cache.warm-up.concurrency=0",
                        "Property 'millpond.cache.warm-up.concurrency' is '0', must be from 1 to 64. Give a number of batches"
                                + " such as 4."),
                refused(
                        "millpond.cache.warm-up.loads-per-second=0",
                        "Property 'millpond.cache.warm-up.loads-per-second' is '0.0', must be from 1.0E-6 to 1000000.0."
                                + " Give a number of calls such as 50, or remove it."),
                refused(
                        "millpond.cache.warm-up.batch-size=10001",
                        "Property 'millpond.cache.warm-up.batch-size' is '10001', must be from 1 to 10000. Give a number of"
                                + " keys such as 100."),
                refused(
                        "millpond.cache.warm-up.deadline=0s",
                        "Property 'millpond.cache.warm-up.deadline' is '0s', must be at least 1 ms. Give a duration such as"
                                + " 10m."),
                refused(
                        "millpond.cache.warm-up.warmers.standings.concurrency=65",
                        "Property 'millpond.cache.warm-up.warmers.standings.concurrency' is '65', must be from 1 to 64. Give a"
                                + " number of batches such as 4."),
                refused(
                        "millpond.cache.warm-up.warmers.standings.deadline=-1s",
                        "Property 'millpond.cache.warm-up.warmers.standings.deadline' is '-1s', must be at least 1 ms."),
                refused(
                        "millpond.cache.warm-up.warmers.standings.refill-every=0s",
                        "Property 'millpond.cache.warm-up.warmers.standings.refill-every' is '0s', must be 1 ms to 366"
                                + " days, in whole milliseconds. Give a duration such as 5m, or remove it."),
                refused(
                        "millpond.cache.warm-up.warmers.standings.refresh-every=-1s",
                        "Property 'millpond.cache.warm-up.warmers.standings.refresh-every' is '-1s', must be 1 ms to 366"
                                + " days, in whole milliseconds. Give a duration such as 5m, or remove it."),
                refused(
                        "millpond.cache.warm-up.warmers.standings.refresh-offset=5s",
                        "Property 'millpond.cache.warm-up.warmers.standings.refresh-offset' is '5s', but there is no"
                                + " 'millpond.cache.warm-up.warmers.standings.refresh-every' that it could be a part of."
                                + " Set that, or remove it."),
                refused(
                        "millpond.cache.warm-up.warmers.standings.refresh-zone=Europe/Berlin",
                        "Property 'millpond.cache.warm-up.warmers.standings.refresh-zone' is 'Europe/Berlin', but there is no"
                                + " 'millpond.cache.warm-up.warmers.standings.refresh-cron' for which its clock could count."
                                + " Set that, or remove it."),
                refused(
                        "millpond.cache.warm-up.warmers.standings.refresh-cron=30 4 * * *",
                        "Property 'millpond.cache.warm-up.warmers.standings.refresh-cron' is '30 4 * * *', which cannot be"
                                + " read: "),
                refused(
                        "millpond.jobs.jitter=-1s",
                        "Property 'millpond.jobs.jitter' is '-1s', must be 0 to 24 hours, in whole milliseconds. Give a"
                                + " duration such as 30s, or 0s for none."),
                refused(
                        "millpond.jobs.concurrency=0",
                        "Property 'millpond.jobs.concurrency' is '0', must be 1 to 1000. Give a number of jobs such as 4."),
                refused(
                        "millpond.rate-limit.default-tier=gold",
                        "Property 'millpond.rate-limit.default-tier' is 'gold', must be one of the tiers"
                                + " [enterprise, free, pro, standard]. Use one of these or define"
                                + " 'millpond.rate-limit.tiers.gold.limit'."),
                refused(
                        "millpond.rate-limit.tiers.gold.burst=3",
                        "Property 'millpond.rate-limit.tiers.gold.limit' is not set, but a tier needs a limit."
                                + " Give the number of requests per period."),
                refused(
                        "millpond.rate-limit.tiers.free.limit=0",
                        "Property 'millpond.rate-limit.tiers.free.limit' is '0', must be 1 or more."
                                + " Give the number of requests per period."),
                refused(
                        "millpond.rate-limit.tiers.free.per=0s",
                        "Property 'millpond.rate-limit.tiers.free.per' is '0s', must be at least 1 ms."
                                + " Give a duration such as 1m."),
                refused(
                        "millpond.rate-limit.tiers.free.in-flight=0",
                        "Property 'millpond.rate-limit.tiers.free.in-flight' is '0', must be at least 1."
                                + " Give the number of requests that may be under way at the same time."),
                refused(
                        "millpond.rate-limit.tiers.pro.in-flight=5",
                        "millpond.rate-limit.tiers.pro.in-flight-timeout=100ms",
                        "Property 'millpond.rate-limit.tiers.pro.in-flight-timeout' is '100ms', must be 1 s to 1 day."
                                + " Give a time that no request takes, such as 60s."),
                refused(
                        "millpond.rate-limit.tiers.pro.in-flight-timeout=5m",
                        "Property 'millpond.rate-limit.tiers.pro.in-flight-timeout' is '5m', but"
                                + " 'millpond.rate-limit.tiers.pro.in-flight' is not set. Set that too, or remove it."),
                refused(
                        "millpond.rate-limit.expected-nodes=0",
                        "Property 'millpond.rate-limit.expected-nodes' is '0', must be at least 1."
                                + " Give the number of nodes that usually run."),
                refused(
                        "millpond.rate-limit.decision-timeout=0",
                        "Property 'millpond.rate-limit.decision-timeout' is '0s', must be 1 ms to 10 s."
                                + " Give a duration such as 50ms."),
                refused(
                        "millpond.rate-limit.secret=tooshort",
                        "Property 'millpond.rate-limit.secret' has 8 characters, must have at least 16."
                                + " Give a random text of 32 characters, the same on all nodes."),
                refused(
                        "millpond.rate-limit.routes.search.cost=5",
                        "Property 'millpond.rate-limit.routes.search.paths' is not set, but a route needs paths."
                                + " Give patterns such as '/search/**'."),
                refused(
                        "millpond.rate-limit.routes.search.paths=/search",
                        "millpond.rate-limit.routes.search.cost=-1",
                        "Property 'millpond.rate-limit.routes.search.cost' is '-1', must be 0 or more."
                                + " Set it to 0 for a route that takes no token."),
                refused(
                        "millpond.rate-limit.routes.search.paths=/search",
                        "millpond.rate-limit.routes.search.methods=G T",
                        "Property 'millpond.rate-limit.routes.search.methods' has the method 'G T', must be letters."
                                + " Use for example 'POST'."),
                refused(
                        "millpond.rate-limit.routes.search.paths=/search",
                        "millpond.rate-limit.routes.search.tier=gold",
                        "Property 'millpond.rate-limit.routes.search.tier' is 'gold', must be one of the tiers"),
                refused(
                        "millpond.rate-limit.guard.tier=free",
                        "Property 'millpond.rate-limit.guard.tier' is 'free', must not be the default tier, whose buckets it"
                                + " would share. Define a tier of its own, such as"
                                + " 'millpond.rate-limit.tiers.free-further.limit'."),
                refused(
                        "millpond.rate-limit.refund-on-status=304,5x",
                        "Property 'millpond.rate-limit.refund-on-status' has the status '5x', must be a status from 100 to"
                                + " 599 or a class of them. Use for example '304' or '5xx'."),
                refused(
                        "millpond.rate-limit.refund-on-status=600",
                        "Property 'millpond.rate-limit.refund-on-status' has the status '600', must be a status from 100 to"
                                + " 599 or a class of them."),
                refused(
                        "millpond.rate-limit.client-key=query:key",
                        "Property 'millpond.rate-limit.client-key' has the source 'query:key', must be 'header:NAME',"
                                + " 'bearer' or 'principal'. Use for example 'header:X-API-Key'."),
                refused(
                        "millpond.rate-limit.client-key=header: X API Key",
                        "Property 'millpond.rate-limit.client-key' has the source 'header: X API Key', but no request"
                                + " field can be named ' X API Key': must be letters, digits and hyphens, or other"
                                + " characters that RFC 9110 allows in a name. Use for example 'header:X-API-Key'."),
                refused(
                        "millpond.rate-limit.client-key=",
                        "Property 'millpond.rate-limit.client-key' is empty, must name at least one source."
                                + " Use for example 'header:X-API-Key'."),
                refused(
                        "millpond.rate-limit.mode=on",
                        "Property 'millpond.rate-limit.mode' is 'on', must be off, shadow, enforce, or a share of the"
                                + " clients such as 25%. Use 'shadow' to watch what would be denied."),
                refused(
                        "millpond.rate-limit.tiers.free.mode=101%",
                        "millpond.rate-limit.tiers.free.limit=1",
                        "Property 'millpond.rate-limit.tiers.free.mode' is '101%', must be off, shadow, enforce, or a"
                                + " share of the clients such as 25%."),
                refused(
                        "millpond.rate-limit.routes.search.mode=dry",
                        "millpond.rate-limit.routes.search.paths=/search",
                        "Property 'millpond.rate-limit.routes.search.mode' is 'dry', must be off, shadow,"),
                refused(
                        "millpond.rate-limit.denylist=10.0.0.0/99",
                        "Property 'millpond.rate-limit.denylist' is refused: "),
                refused(
                        "millpond.rate-limit.allowlist=10.0.0.0/99",
                        "Property 'millpond.rate-limit.allowlist' is refused: "),
                refused(
                        "millpond.rate-limit.clients.acme.tier=pro",
                        "Property 'millpond.rate-limit.clients.acme.key' is not set, but a client needs a key."
                                + " Give the key that this client sends."));
    }

    private static Arguments refused(String property, String other, String message) {
        return Arguments.of(property + "\n" + other, message);
    }

    private static Arguments refused(String property, String message) {
        return Arguments.of(property, message);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void bind_valueThatBreaksARule_namesPropertyValueRuleAndFix(String property, String message) {
        assertRefused(message, property.split("\n"));
    }

    @Test
    void bind_negativeBurst_namesPropertyValueRuleAndFix() {
        assertRefused(
                "Property 'millpond.rate-limit.tiers.free.burst' is '-1', must be 0 or more. Set it to 0 for a tier"
                        + " without a burst, or to the number of requests allowed on top of the limit.",
                "millpond.rate-limit.tiers.free.limit=10",
                "millpond.rate-limit.tiers.free.burst=-1");
    }

    @Test
    void bind_periodOfZero_namesPropertyValueRuleAndFix() {
        assertRefused(
                "Property 'millpond.rate-limit.tiers.free.per' is '0s', must be at least 1 ms."
                        + " Give a duration such as 1m.",
                "millpond.rate-limit.tiers.free.limit=10",
                "millpond.rate-limit.tiers.free.per=0s");
    }

    @Test
    void bind_furtherLimitThatBreaksARule_namesPropertyValueRuleAndFix() {
        assertRefused(
                "Property 'millpond.rate-limit.tiers.free.further[0].limit' is not set, but a tier needs a limit."
                        + " Give the number of requests per period.",
                "millpond.rate-limit.tiers.free.limit=10",
                "millpond.rate-limit.tiers.free.further[0].per=1d");
        assertRefused(
                "Property 'millpond.rate-limit.tiers.free.further[1].per' is '0s', must be at least 1 ms."
                        + " Give a duration such as 1m.",
                "millpond.rate-limit.tiers.free.limit=10",
                "millpond.rate-limit.tiers.free.further[0].limit=100",
                "millpond.rate-limit.tiers.free.further[0].per=1d",
                "millpond.rate-limit.tiers.free.further[1].limit=100",
                "millpond.rate-limit.tiers.free.further[1].per=0s");
    }

    @Test
    void bind_twoLimitsPerPeriod_namesTheTier() {
        assertRefused(
                "Property 'millpond.rate-limit.tiers.free' is refused: Tier 'free' has two limits per PT1M, must have one"
                        + " per period. Leave one out, or give it another period. Correct this tier, or remove it.",
                "millpond.rate-limit.tiers.free.limit=10",
                "millpond.rate-limit.tiers.free.further[0].limit=100");
    }

    @Test
    void bind_windowsThatAreTooFast_namesTheTier() {
        assertRefused(
                "Property 'millpond.rate-limit.tiers.free' is refused: Rate limit of 1000000 tokens per PT0.001S with burst"
                        + " 1 refills more than one token per nanosecond. Give fewer tokens or a longer period.",
                "millpond.rate-limit.tiers.free.limit=1000000",
                "millpond.rate-limit.tiers.free.per=1ms",
                "millpond.rate-limit.tiers.free.burst=1",
                "millpond.rate-limit.tiers.free.shape=window");
    }

    @Test
    void bind_leaseAboveTheCapacity_namesTheTier() {
        assertRefused(
                "Property 'millpond.rate-limit.tiers.free' is refused: Lease of tier 'free' is 11 tokens, must be 2 or more"
                        + " and no more than the tier's capacity of 10. Use a hundredth of the capacity, or leave it out."
                        + " Correct this tier, or remove it.",
                "millpond.rate-limit.tiers.free.limit=10",
                "millpond.rate-limit.tiers.free.lease=11");
    }

    @Test
    void bind_tierNameWithUpperCase_isRefused() {
        assertRefused(
                "Property 'millpond.rate-limit.tiers.Gold' is refused: Tier name 'Gold' must be",
                "millpond.rate-limit.tiers.Gold.limit=10");
    }

    @Test
    void bind_clientOfAnUnknownTier_isRefused() {
        assertRefused(
                "Property 'millpond.rate-limit.clients.acme.tier' is 'gold', must be one of the tiers",
                "millpond.rate-limit.clients.acme.key=some-key",
                "millpond.rate-limit.clients.acme.tier=gold");
    }

    @Test
    void bind_clientWithoutATier_isRefused() {
        assertRefused(
                "Property 'millpond.rate-limit.clients.acme.tier' is not set, but a client needs a tier."
                        + " Give the name of a tier, such as pro.",
                "millpond.rate-limit.clients.acme.key=some-key");
    }

    @Test
    void bind_twoClientsWithOneKey_isRefusedWithoutTheKey() {
        runner.withPropertyValues(
                        "millpond.rate-limit.clients.acme.key=the-shared-key",
                        "millpond.rate-limit.clients.acme.tier=pro",
                        "millpond.rate-limit.clients.zeta.key=the-shared-key",
                        "millpond.rate-limit.clients.zeta.tier=free")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessage("Property 'millpond.rate-limit.clients.zeta.key' is the same as"
                                + " 'millpond.rate-limit.clients.acme.key', must be different."
                                + " Give each client a key of its own."));
    }

    @Test
    void bind_refreshByPeriodAndByCron_isRefused() {
        assertRefused(
                "Property 'millpond.cache.warm-up.warmers.standings.refresh-cron' is '@daily', and"
                        + " 'millpond.cache.warm-up.warmers.standings.refresh-every' is set too; only one of them can say"
                        + " when it is refreshed. Remove one of them.",
                "millpond.cache.warm-up.warmers.standings.refresh-every=5m",
                "millpond.cache.warm-up.warmers.standings.refresh-cron=@daily");
    }

    @Test
    void bind_hotKeysOfACacheThatRemembersNone_isRefused() {
        assertRefused(
                "Property 'millpond.cache.caches.products.hot-keys' is '0', but 'millpond.cache.warm-up.hot-keys-of' names"
                        + " 'products', which has to remember some. Give a number of keys such as 1000, or remove one of"
                        + " both.",
                "millpond.cache.warm-up.hot-keys-of=products",
                "millpond.cache.caches.products.hot-keys=0");
    }

    @Test
    void bind_refreshOffsetAsLongAsThePeriod_isRefused() {
        assertRefused(
                "Property 'millpond.cache.warm-up.warmers.standings.refresh-offset' is '5m', must be less than its period of"
                        + " PT5M. Remove it to have the job placed.",
                "millpond.cache.warm-up.warmers.standings.refresh-every=5m",
                "millpond.cache.warm-up.warmers.standings.refresh-offset=5m");
    }

    @Test
    void bind_urlAndConfig_isRefused() {
        assertRefused(
                "Property 'millpond.redis.config' is 'classpath:redisson.yaml', and 'millpond.redis.url' is set too; only"
                        + " one of them can say where Redis is. Remove one of them.",
                "millpond.redis.url=redis://localhost:6379",
                "millpond.redis.config=classpath:redisson.yaml");
    }

    @Test
    void bind_softTimeoutNotShorterThanTheHardOne_isRefused() {
        assertRefused(
                "Property 'millpond.cache.soft-timeout' is '2s', must be shorter than 'millpond.cache.hard-timeout'. Give a"
                        + " shorter one, or a longer hard timeout.",
                "millpond.cache.soft-timeout=2s",
                "millpond.cache.hard-timeout=2s");
    }

    @Test
    void bind_strictCacheWithALocalSize_isRefused() {
        assertRefused(
                "Property 'millpond.cache.caches.exact.local-maximum-size' is '500', but a strict cache keeps nothing in"
                        + " this process. Remove it, or set 'millpond.cache.caches.exact.consistency' to bounded.",
                "millpond.cache.caches.exact.consistency=strict",
                "millpond.cache.caches.exact.local-maximum-size=500");
    }

    @Test
    void bind_strictCacheWithALocalTimeToLive_isRefused() {
        assertRefused(
                "Property 'millpond.cache.caches.exact.local-time-to-live' is '5s', but a strict cache keeps nothing in",
                "millpond.cache.caches.exact.consistency=strict",
                "millpond.cache.caches.exact.local-time-to-live=5s");
    }

    @Test
    void bind_urlWithPassword_isRefusedWithoutThePassword() {
        runner.withPropertyValues("millpond.redis.url=http://app:swordfish@localhost:6379")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("has no redis:// or rediss:// scheme")
                        .hasMessageNotContaining("swordfish"));
    }

    @Test
    void bind_mistypedProperty_isRefused() {
        runner.withPropertyValues("millpond.rate-limit.tier.free.limit=10")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("millpond.rate-limit.tier.free.limit"));
    }

    private void assertRefused(String message, String... properties) {
        runner.withPropertyValues(properties)
                .run(context -> assertThat(context.getStartupFailure())
                        .satisfies(failure -> assertThat(refusal(failure)).startsWith(message)));
    }

    private static String refusal(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(cause -> cause.getClass().getSimpleName().equals("InvalidPropertyException"))
                .map(Throwable::getMessage)
                .findFirst()
                .orElse("no refusal, but " + failure);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(MillpondProperties.class)
    static class Binding {}
}
