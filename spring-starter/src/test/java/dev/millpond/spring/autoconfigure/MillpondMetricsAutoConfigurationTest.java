package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.InvalidationStats;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.runtime.HalfDoneJob;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.FakeRedisConnection;
import dev.millpond.spring.internal.metrics.CacheMetersBinder;
import dev.millpond.spring.internal.metrics.RateLimitMeters;
import dev.millpond.spring.internal.metrics.RedisMeters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;

final class MillpondMetricsAutoConfigurationTest {

    private static final CacheStats CACHE_STATS = new CacheStats(
            101,
            102,
            103,
            104,
            105,
            106,
            107,
            108,
            109,
            110,
            Duration.ofSeconds(111),
            112,
            113,
            114,
            115,
            116,
            117,
            118,
            119,
            120,
            121);
    private static final InvalidationStats INVALIDATION_STATS =
            new InvalidationStats(true, Duration.ofSeconds(2), Duration.ofSeconds(3), 4, 5, 6, 7);
    private static final Set<String> TAGS_OF_CACHES = Set.of("cache", "name", "cache.manager");

    private final ApplicationContextRunner measured = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondSwitchesAutoConfiguration.class,
                    MillpondJobsAutoConfiguration.class,
                    MillpondCacheAutoConfiguration.class,
                    MillpondCacheManagerAutoConfiguration.class,
                    MillpondRateLimitAutoConfiguration.class,
                    MillpondMetricsAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new);

    @Test
    void cache_madeLater_isMeasuredByTheUsualNames() {
        measured.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            Cache<String, Integer> cache = numbers(context.getBean(CacheRegistry.class));
            cache.get("one", key -> 1);
            cache.get("one", key -> 1);
            cache.get("two", key -> 2);

            assertThat(count(meters, "cache.gets", "result", "hit")).isEqualTo(1);
            assertThat(count(meters, "cache.gets", "result", "miss")).isEqualTo(2);
            assertThat(meters.get("cache.puts")
                            .tag("cache", "numbers")
                            .functionCounter()
                            .count())
                    .isEqualTo(2);
            assertThat(meters.get("cache.size").tag("cache", "numbers").gauge().value())
                    .isEqualTo(2);
            assertThat(meters.get("cache.evictions")
                            .tag("cache", "numbers")
                            .functionCounter()
                            .count())
                    .isZero();
        });
    }

    @Test
    void cache_failuresAndInvalidations_areMeasured() {
        measured.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            Cache<String, Integer> cache = numbers(context.getBean(CacheRegistry.class));
            cache.get("one", key -> 1);
            cache.get("one", key -> 1);
            cache.invalidate("one");
            assertThat(catchThrowable(() -> cache.get("one", key -> {
                        throw new IOException("down");
                    })))
                    .isInstanceOf(CacheLoadException.class);

            assertThat(count(meters, "cache.load", "result", "success")).isEqualTo(1);
            assertThat(count(meters, "cache.load", "result", "failure")).isEqualTo(1);
            assertThat(count(meters, "millpond.cache.hits", "source", "local")).isEqualTo(1);
            assertThat(count(meters, "millpond.cache.hits", "source", "remote")).isZero();
            assertThat(count(meters, "millpond.cache.events", "event", "invalidated"))
                    .isEqualTo(1);
            assertThat(meters.get("cache.load.duration").timeGauge().value()).isPositive();
        });
    }

    @Test
    void cache_always_hasTheTagsThatSpringBootGivesOthers() {
        measured.run(context -> {
            numbers(context.getBean(CacheRegistry.class));
            Meter.Id id = context.getBean(MeterRegistry.class)
                    .get("cache.size")
                    .meter()
                    .getId();
            assertThat(id.getTag("cache")).isEqualTo("numbers");
            assertThat(id.getTag("name")).isEqualTo("numbers");
            assertThat(id.getTag("cache.manager")).isEqualTo("millpond");
        });
    }

    @Test
    void allMeters_areTheDocumentedOnes() {
        runEverything(meters -> assertThat(tagsByMeter(meters))
                .containsOnlyKeys(documentedTags().keySet()));
    }

    @Test
    void allMeters_haveTheDocumentedTagsAndNoOthers() {
        runEverything(meters -> {
            Map<String, Set<String>> documented = documentedTags();
            tagsByMeter(meters)
                    .forEach((name, tags) -> assertThat(tags).as(name).containsExactly(documented.get(name)));
        });
    }

    /**
     * No value is a key, a client or an address, since the document lists all that are no name of the application's.
     */
    @Test
    void allMeters_whereValuesOfTagsAreListed_haveNoOthers() {
        runEverything(meters -> {
            Map<String, String> documented = MetricsPage.column("meter", "tags");
            for (Meter meter : meters.getMeters()) {
                String cell = documented.get("`" + meter.getId().getName() + "`");
                MetricsPage.valuesOfTags(Objects.requireNonNull(cell))
                        .forEach(
                                (tag, values) -> assertThat(valueOf(meter, tag)).isIn(values));
            }
        });
    }

    /** Returns the value of a tag, which for the switch of a cache begins with the word that the document has. */
    private static String valueOf(Meter meter, String tag) {
        String value = Objects.requireNonNull(meter.getId().getTag(tag));
        return tag.equals("switch") && value.startsWith("cache:") ? "cache" : value;
    }

    /** Runs an application that has all there is to be measured. */
    private void runEverything(CheckedConsumer check) {
        measured.withBean(RedisConnection.class, () -> new FakeRedisConnection(true))
                .withBean(Job.class, () -> Job.of("clean", run -> Map.of()))
                .run(context -> {
                    numbers(context.getBean(CacheRegistry.class));
                    context.getBean(RateLimiter.class).tryAcquire("some-key");
                    check.accept(context.getBean(MeterRegistry.class));
                });
    }

    @FunctionalInterface
    private interface CheckedConsumer {

        void accept(MeterRegistry meters) throws IOException;
    }

    /** Returns by meter the tags that it is registered with, which should be the same each time. */
    private static Map<String, Set<Set<String>>> tagsByMeter(MeterRegistry meters) {
        return meters.getMeters().stream()
                .map(Meter::getId)
                .collect(Collectors.groupingBy(
                        Meter.Id::getName,
                        Collectors.mapping(
                                id -> id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet()),
                                Collectors.toSet())));
    }

    /** Returns the documented tags by meter; below their table it says what else those of caches have. */
    private static Map<String, Set<String>> documentedTags() throws IOException {
        assertThat(MetricsPage.text()).contains("They also have the tags `name` and `cache.manager=millpond`");
        Map<String, Set<String>> tags = new HashMap<>();
        MetricsPage.column("meter", "tags").forEach((meter, cell) -> {
            Set<String> documented = new HashSet<>(MetricsPage.quoted(cell));
            if (documented.contains("cache")) {
                documented.addAll(TAGS_OF_CACHES);
            }
            MetricsPage.quoted(meter).forEach(name -> tags.put(name, documented));
        });
        return tags;
    }

    @Test
    void rateLimit_allTagValues_areDocumented() throws IOException {
        String document = MetricsPage.text();
        Stream.of(RateLimitDecision.Outcome.values(), FailurePolicy.values(), RateLimitMode.Kind.values())
                .flatMap(Stream::of)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .forEach(value -> assertThat(document).containsPattern("\\b" + value + "\\b"));
    }

    @Test
    void documentedQueries_always_askForMetersThatAreThere() {
        Job job = Job.of("clean", run -> Map.of()).atStart();
        measured.withBean(Job.class, () -> job).run(context -> {
            context.getBean(RateLimiter.class).tryAcquire("some-key");
            Set<String> known = context.getBean(MeterRegistry.class).getMeters().stream()
                    .map(meter -> prometheusName(meter.getId()))
                    .collect(Collectors.toSet());
            Set<String> asked = Pattern.compile("\\bmillpond_\\w+")
                    .matcher(MetricsPage.text())
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toSet());

            assertThat(asked).hasSize(6);
            assertThat(known).containsAll(asked);
        });
    }

    private static String prometheusName(Meter.Id id) {
        String unit = id.getBaseUnit() == null ? "" : "_" + id.getBaseUnit();
        String name = id.getName().replace('.', '_') + unit;
        return id.getType() == Meter.Type.COUNTER ? name + "_total" : name;
    }

    @Test
    void invalidations_withoutRedis_areKnown() {
        measured.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("millpond.cache.invalidations.trusted")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(meters.get("millpond.cache.invalidations.lag").gauge().value())
                    .isZero();
            assertThat(meters.get("millpond.cache.invalidations.pending")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(meters.get("millpond.cache.invalidations.flushes")
                            .functionCounter()
                            .count())
                    .isZero();
        });
    }

    @Test
    void invalidations_redisNeverAnswers_areUnknownAndTheBoundIsTheProperty() {
        measured.withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .withPropertyValues("millpond.cache.staleness-bound=5s")
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    assertThat(meters.get("millpond.cache.invalidations.trusted")
                                    .gauge()
                                    .value())
                            .isZero();
                    assertThat(meters.get("millpond.cache.invalidations.bound")
                                    .timeGauge()
                                    .value(TimeUnit.SECONDS))
                            .isEqualTo(5);
                });
    }

    @Test
    void cache_figures_areMeasured() {
        measured.withBean(CacheRegistry.class, () -> FakeCaches.of(CACHE_STATS, 122, INVALIDATION_STATS))
                .run(context -> assertThat(figures(
                                Search.in(context.getBean(MeterRegistry.class)).tagKeys("cache"), "millpond."))
                        .containsExactlyInAnyOrder(
                                "cache.size 122.0",
                                "cache.gets result=hit 203.0", // 101 in the process and 102 in Redis
                                "cache.gets result=miss 103.0",
                                "cache.puts 214.0", // 104 loads and 110 puts
                                "cache.evictions 114.0",
                                "cache.load result=success 104.0",
                                "cache.load result=failure 105.0",
                                "cache.load.duration 111.0",
                                "cache.hits source=local 101.0",
                                "cache.hits source=remote 102.0",
                                "cache.hits source=stale 112.0",
                                "cache.payload direction=read 120.0",
                                "cache.payload direction=written 121.0",
                                "cache.events event=joined 113.0",
                                "cache.events event=slow 106.0",
                                "cache.events event=refused 107.0",
                                "cache.events event=refreshed-ahead 108.0",
                                "cache.events event=not-modified 109.0",
                                "cache.events event=invalidated 115.0",
                                "cache.events event=dropped 116.0",
                                "cache.events event=rejected 117.0",
                                "cache.events event=unstorable 118.0",
                                "cache.events event=unreadable 119.0"));
    }

    @Test
    void invalidations_figures_areMeasured() {
        String prefix = "millpond.cache.invalidations.";
        measured.withBean(CacheRegistry.class, () -> FakeCaches.of(CACHE_STATS, 122, INVALIDATION_STATS))
                .run(context -> assertThat(figures(
                                Search.in(context.getBean(MeterRegistry.class)).name(name -> name.startsWith(prefix)),
                                prefix))
                        .containsExactlyInAnyOrder(
                                "trusted 1.0",
                                "bound 2.0",
                                "age 3.0",
                                "lag 4.0",
                                "pending 7.0",
                                "gaps 5.0",
                                "flushes 6.0"));
    }

    @Test
    void redis_figures_areMeasured() {
        RedisStats stats = new RedisStats(
                RedisStats.State.SLOW,
                Duration.ZERO,
                2,
                new RedisStats.Calls(3, 4, 5, 6, 7, 12, 8, 9, 10),
                Optional.of(new RedisStats.Pool(4, 1, 11, 16)));
        measured.withBean(RedisConnection.class, () -> new FakeRedisConnection(stats))
                .run(context -> assertThat(redisMeters(context.getBean(MeterRegistry.class)))
                        .containsExactlyInAnyOrder(
                                "available 0.0",
                                "losses 2.0",
                                "calls result=answered 3.0",
                                "calls result=failed 4.0",
                                "calls result=refused 5.0",
                                "calls result=rejected 6.0",
                                "calls.slow 7.0",
                                "calls.grouped 12.0",
                                "calls.active state=waiting 8.0",
                                "calls.active state=queued 9.0",
                                "calls.active state=async 10.0",
                                "pool.connections state=active 4.0",
                                "pool.connections state=idle 1.0",
                                "pool.waiting 11.0",
                                "pool.max 16.0",
                                "pool.utilization 0.25"));
    }

    private static List<String> redisMeters(MeterRegistry meters) {
        return figures(Search.in(meters).name(name -> name.startsWith("millpond.redis.")), "millpond.redis.");
    }

    /** Returns what is found as name, without a prefix, tags, without those of all caches, and value. */
    private static List<String> figures(Search found, String prefix) {
        return found.meters().stream()
                .map(meter -> meter.getId().getName().replace(prefix, "")
                        + meter.getId().getTags().stream()
                                .filter(tag -> !TAGS_OF_CACHES.contains(tag.getKey()))
                                .map(tag -> " " + tag.getKey() + "=" + tag.getValue())
                                .collect(Collectors.joining())
                        + " "
                        + meter.measure().iterator().next().getValue())
                .toList();
    }

    @Test
    void redis_poolUnknown_isNotANumber() {
        measured.withBean(RedisConnection.class, () -> new FakeRedisConnection(true))
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    assertThat(meters.get("millpond.redis.pool.utilization")
                                    .gauge()
                                    .value())
                            .isNaN();
                    assertThat(meters.get("millpond.redis.available").gauge().value())
                            .isEqualTo(1);
                });
    }

    @Test
    void redis_none_hasNoMeters() {
        measured.run(context -> {
            assertThat(context).doesNotHaveBean(RedisMeters.class);
            assertThat(redisMeters(context.getBean(MeterRegistry.class))).isEmpty();
        });
    }

    @Test
    void cache_ofAnAnnotatedMethod_isMeasured() {
        measured.withUserConfiguration(Application.class)
                .run(context -> assertThat(context.getBean(MeterRegistry.class)
                                .get("cache.size")
                                .tag("cache", "annotated")
                                .gauge()
                                .value())
                        .isZero());
    }

    @Test
    void cache_ofARegistryOfTheApplication_isMeasuredIfItIsThereAtTheStart() {
        CacheRegistry own = CacheRegistry.builder().build();
        numbers(own);
        measured.withBean(CacheRegistry.class, () -> own)
                .run(context -> assertThat(context.getBean(MeterRegistry.class)
                                .get("cache.size")
                                .tag("cache", "numbers")
                                .gauge()
                                .value())
                        .isZero());
    }

    @Test
    void rateLimit_decisions_areCountedByTierAndOutcome() {
        measured.withPropertyValues("millpond.rate-limit.tiers.free.limit=1").run(context -> {
            RateLimiter limiter = context.getBean(RateLimiter.class);
            limiter.tryAcquire("some-key");
            limiter.tryAcquire("some-key");
            limiter.tryAcquire("some-key");
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(decisions(meters, "allowed")).isEqualTo(1);
            assertThat(decisions(meters, "denied")).isEqualTo(2);
            assertThat(meters.get("millpond.ratelimit.decision.duration")
                            .tag("outcome", "denied")
                            .timer()
                            .count())
                    .isEqualTo(2);
        });
    }

    @Test
    void rateLimit_decisionsInShadow_areToldApart() {
        measured.withPropertyValues(
                        "millpond.rate-limit.tiers.free.limit=1", "millpond.rate-limit.tiers.free.mode=shadow")
                .run(context -> {
                    RateLimiter limiter = context.getBean(RateLimiter.class);
                    limiter.tryAcquire("some-key");
                    limiter.tryAcquire("some-key");
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("millpond.ratelimit.decisions")
                                    .tag("outcome", "denied")
                                    .tag("mode", "shadow")
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @ParameterizedTest
    @EnumSource(FailurePolicy.class)
    void rateLimit_decisionsWithoutRedis_areToldByThePolicyAndTheirTime(FailurePolicy policy) {
        measured.withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .withPropertyValues("millpond.rate-limit.when-redis-is-down=" + policy)
                .run(context -> {
                    context.getBean(RateLimiter.class).tryAcquire("some-key");
                    MeterRegistry meters = context.getBean(MeterRegistry.class);

                    assertThat(meters.get("millpond.ratelimit.decisions")
                                    .tag(
                                            "outcome",
                                            policy == FailurePolicy.DENY ? "denied_degraded" : "allowed_degraded")
                                    .tag("policy", policy.name().toLowerCase(Locale.ROOT))
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                    assertThat(limitCount(meters, "degraded.time")).isPositive();
                    assertThat(limitCount(meters, "redis.calls")).isZero();
                });
    }

    @Test
    void rateLimit_decisionsByALimit_haveNoPolicy() {
        measured.run(context -> {
            context.getBean(RateLimiter.class).tryAcquire("some-key");
            MeterRegistry meters = context.getBean(MeterRegistry.class);

            assertThat(meters.get("millpond.ratelimit.decisions")
                            .tag("policy", "none")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(limitCount(meters, "degraded.time")).isZero();
            assertThat(meters.get("millpond.ratelimit.redis.batch.max").gauge().value())
                    .isZero();
        });
    }

    @Test
    void rateLimit_garbageIsCollected_isStillMeasured() {
        measured.withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .run(context -> {
                    context.getBean(RateLimiter.class).tryAcquire("some-key");
                    System.gc();

                    assertThat(limitCount(context.getBean(MeterRegistry.class), "degraded.time"))
                            .isPositive();
                });
    }

    @Test
    void meters_noMeterRegistry_areNotMade() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MillpondCacheAutoConfiguration.class, MillpondMetricsAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .doesNotHaveBean(CacheMetersBinder.class)
                        .doesNotHaveBean(RateLimitMeters.class));
    }

    @Test
    void meters_millpondDisabled_areNotMade() {
        measured.withPropertyValues("millpond.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(CacheMetersBinder.class));
    }

    @Test
    void meters_ofTheApplication_win() {
        CacheMetersBinder own = new CacheMetersBinder(CacheRegistry.builder().build());
        measured.withBean(CacheMetersBinder.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(CacheMetersBinder.class)).isSameAs(own));
    }

    @ParameterizedTest
    @CsvSource({"on, 1", "off, 0", "25%, 0.25", "read-only, 0.5", "local-only, 0.5", "'25%,read-only', 0.25"})
    void switch_ofACache_isMeasuredAsFarAsItIsOn(String mode, double value) {
        measured.run(context -> {
            numbers(context.getBean(CacheRegistry.class));
            context.getBean(Switches.class)
                    .set(Switch.cache("numbers"), SwitchMode.parse(mode), SwitchScope.NODE, "alice");
            MeterRegistry meters = context.getBean(MeterRegistry.class);

            assertThat(meters.get("millpond.switch")
                            .tag("switch", "cache:numbers")
                            .gauge()
                            .value())
                    .isEqualTo(value);
            assertThat(meters.get("millpond.switch")
                            .tag("switch", "millpond")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
    }

    @Test
    void job_runsFailsAndIsPaused_isMeasured() {
        Job job = Job.of("clean", run -> {
            throw new IllegalStateException("broken");
        });
        measured.withBean(Job.class, () -> job).run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            Jobs jobs = context.getBean(Jobs.class);
            assertThat(job(meters, "last.duration").timeGauge().value()).isNaN();
            jobs.start();
            jobs.runNow("clean", "alice");
            jobs.pause("clean", "alice");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> jobs.state("clean").last().isPresent());

            assertThat(job(meters, "runs").functionCounter().count()).isEqualTo(1);
            assertThat(job(meters, "failures").functionCounter().count()).isEqualTo(1);
            assertThat(job(meters, "overruns").functionCounter().count()).isZero();
            assertThat(job(meters, "paused").gauge().value()).isEqualTo(1);
            assertThat(job(meters, "running").gauge().value()).isZero();
            assertThat(job(meters, "progress").gauge().value()).isNaN();
            assertThat(job(meters, "done").gauge().value()).isNaN();
            assertThat(job(meters, "planned").gauge().value()).isNaN();
            assertThat(job(meters, "rate").gauge().value()).isNaN();
            assertThat(job(meters, "last.duration").timeGauge().value()).isBetween(0.0, 10.0);
            assertThat(job(meters, "last.failed").gauge().value()).isEqualTo(1);
            assertThat(job(meters, "next.run").timeGauge().value()).isNaN();
        });
    }

    @Test
    void job_hasASchedule_tellsWhenItIsDueNext() {
        measured.withBean(Job.class, () -> Job.of("clean", run -> Map.of()).every(Duration.ofHours(1)))
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    Jobs jobs = context.getBean(Jobs.class);
                    jobs.start();

                    double next = jobs.state("clean").nextRun().orElseThrow().getEpochSecond();
                    assertThat(job(meters, "next.run").timeGauge().value(TimeUnit.SECONDS))
                            .isBetween(next, next + 1);
                    assertThat(job(meters, "last.failed").gauge().value()).isNaN();
                });
    }

    @Test
    void job_running_isMeasuredAsFarAsItIs() {
        HalfDoneJob job = new HalfDoneJob();
        measured.withBean(Job.class, job::job).run(context -> {
            try (job) {
                MeterRegistry meters = context.getBean(MeterRegistry.class);
                context.getBean(Jobs.class).start();
                job.awaitHalf();

                assertThat(job(meters, "running").gauge().value()).isEqualTo(1);
                assertThat(job(meters, "progress").gauge().value()).isEqualTo(0.5);
                assertThat(job(meters, "done").gauge().value()).isEqualTo(1);
                assertThat(job(meters, "planned").gauge().value()).isEqualTo(2);
                assertThat(job(meters, "rate").gauge().value()).isPositive();
            }
        });
    }

    @Test
    void job_dueAndNotStarted_isCountedByReason() {
        Job job = Job.of("clean", run -> Map.of()).every(Duration.ofMillis(20)).whileOn(Switch.WARM_UP);
        measured.withPropertyValues("millpond.cache.warm-up.enabled=false")
                .withBean(Job.class, () -> job)
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    context.getBean(Jobs.class).start();
                    await().atMost(Duration.ofSeconds(10))
                            .until(() -> job(meters, "skips")
                                            .tag("reason", "switched_off")
                                            .functionCounter()
                                            .count()
                                    > 0);
                });
    }

    @Test
    void job_allReasonsOfSkips_areDocumented() throws IOException {
        String document = MetricsPage.text();
        assertThat(JobState.Skip.values())
                .allSatisfy(reason -> assertThat(document)
                        .containsPattern("\\b" + reason.name().toLowerCase(Locale.ROOT) + "\\b"));
    }

    private static RequiredSearch job(MeterRegistry meters, String name) {
        return meters.get("millpond.job." + name).tag("job.name", "clean");
    }

    @Test
    void meters_withoutMicrometer_areNotMade() {
        measured.withClassLoader(new FilteredClassLoader(CacheMeterBinder.class))
                .run(context -> assertThat(context).doesNotHaveBean("millpondCacheMeters"));
    }

    private static Cache<String, Integer> numbers(CacheRegistry registry) {
        return registry.newCache("numbers", Integer.class).build();
    }

    private static double count(MeterRegistry meters, String name, String tag, String value) {
        FunctionCounter counter =
                meters.get(name).tag("cache", "numbers").tag(tag, value).functionCounter();
        return counter.count();
    }

    private static double decisions(MeterRegistry meters, String outcome) {
        return meters.get("millpond.ratelimit.decisions")
                .tag("tier", "free")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static double limitCount(MeterRegistry meters, String name) {
        return meters.get("millpond.ratelimit." + name).functionCounter().count();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {

        @Cacheable("annotated")
        public String find(long id) {
            return "found " + id;
        }
    }
}
