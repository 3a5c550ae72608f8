package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.WarmUpReport;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.FakeRedisConnection;
import dev.millpond.spring.JobsBuilderCustomizer;
import dev.millpond.spring.internal.jobs.JobsStart;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

final class MillpondJobsAutoConfigurationTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String WARMER = "millpond.cache.warm-up.warmers.numbers.";

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondSwitchesAutoConfiguration.class,
                    MillpondCacheAutoConfiguration.class,
                    MillpondJobsAutoConfiguration.class));

    private final ApplicationContextRunner warmed = bare.withUserConfiguration(OneWarmer.class);

    private static Jobs jobs(ApplicationContext context) {
        return context.getBean(Jobs.class);
    }

    private static void start(ApplicationContext context) {
        context.getBean(JobsStart.class).run(new DefaultApplicationArguments());
    }

    private static String schedule(ApplicationContext context, String job) {
        return jobs(context).state(job).schedule();
    }

    @Test
    void jobs_neitherWarmerNorJob_areNotThere() {
        bare.run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(Jobs.class);
            start(context);
        });
    }

    @Test
    void jobs_warmerWithoutSchedule_haveItsWarmUpAlone() {
        warmed.run(context -> assertThat(jobs(context).states()).singleElement().satisfies(state -> {
            assertThat(state.name()).isEqualTo("warm-up:numbers");
            assertThat(state.offset()).isEmpty();
        }));
    }

    @Test
    void jobs_jobOfTheApplication_isAmongThem() {
        warmed.withBean(Job.class, () -> Job.of("clean", run -> Map.of()).every(Duration.ofMinutes(1)))
                .run(context -> assertThat(jobs(context).states())
                        .extracting(JobState::name)
                        .containsExactly("clean", "warm-up:numbers"));
    }

    @Test
    void jobs_applicationStarted_runFromThenOn() {
        warmed.run(context -> {
            assertThat(jobs(context).state("warm-up:numbers").runs()).isZero();
            start(context);
            assertThat(jobs(context).awaitFirstRuns(List.of("warm-up:numbers"), LIMIT))
                    .isTrue();
            assertThat(context.getBean(OneWarmer.class).loads).hasValue(3);
        });
    }

    @Test
    void jobs_limitsOfAWarmer_areThoseOfItsProperties() {
        warmed.withPropertyValues(WARMER + "deadline=1ms", WARMER + "loads-per-second=5")
                .run(context -> assertThat(context.getBean(Warmer.class).run().ending())
                        .isEqualTo(WarmUpReport.Ending.DEADLINE));
    }

    @Test
    void jobs_refreshEvery_haveTheRefresh() {
        warmed.withPropertyValues(WARMER + "refresh-every=1m", WARMER + "refresh-offset=15s")
                .run(context -> {
                    assertThat(schedule(context, "refresh:numbers")).isEqualTo("every PT1M");
                    assertThat(jobs(context).state("refresh:numbers").offset()).contains(Duration.ofSeconds(15));
                });
    }

    @Test
    void jobs_refreshCron_haveTheRefreshInUtcOrAnotherZone() {
        warmed.withPropertyValues(WARMER + "refresh-cron=0 30 4 * * *")
                .run(context -> assertThat(schedule(context, "refresh:numbers")).isEqualTo("cron 0 30 4 * * * UTC"));
        warmed.withPropertyValues(WARMER + "refresh-cron=@daily", WARMER + "refresh-zone=Europe/Berlin")
                .run(context ->
                        assertThat(schedule(context, "refresh:numbers")).isEqualTo("cron @daily Europe/Berlin"));
    }

    @Test
    void jobs_refillEvery_repeatTheWarmUp() {
        warmed.withPropertyValues(WARMER + "refill-every=2m")
                .run(context -> assertThat(schedule(context, "warm-up:numbers")).isEqualTo("every PT2M, at start"));
    }

    @Test
    void jobs_notStaggered_startWithTheirPeriods() {
        ApplicationContextRunner two = warmed.withPropertyValues(WARMER + "refresh-every=1m")
                .withBean(Job.class, () -> Job.of("clean", run -> Map.of()).every(Duration.ofMinutes(1)));
        two.run(context -> assertThat(offsets(context)).doesNotHaveDuplicates());
        two.withPropertyValues("millpond.jobs.staggered=false")
                .run(context -> assertThat(offsets(context)).containsExactly(Duration.ZERO, Duration.ZERO));
    }

    private static List<Duration> offsets(ApplicationContext context) {
        return jobs(context).states().stream()
                .map(JobState::offset)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void jobs_jitter_shiftsNextRunsByTheNamespace() {
        ApplicationContextRunner hourly = bare.withBean(
                        Job.class,
                        () -> Job.of("clean", run -> Map.of())
                                .every(Duration.ofHours(1))
                                .offset(Duration.ZERO))
                .withPropertyValues("millpond.namespace=shop");
        hourly.run(context -> assertThat(millisInTheHour(context)).isZero());
        hourly.withPropertyValues("millpond.jobs.jitter=30m")
                .run(context -> assertThat(millisInTheHour(context)).isBetween(1L, 1_800_000L));
    }

    private static long millisInTheHour(ApplicationContext context) {
        start(context);
        return jobs(context).state("clean").nextRun().orElseThrow().toEpochMilli() % 3_600_000;
    }

    @Test
    void jobs_concurrency_isHowManyRunTogether() {
        assertThat(meet(2, Duration.ofSeconds(20))).isTrue();
        assertThat(meet(1, Duration.ofMillis(300))).isFalse();
    }

    /** Tells whether two jobs that wait for each other meet. */
    private boolean meet(int concurrency, Duration patience) {
        CyclicBarrier barrier = new CyclicBarrier(2);
        AtomicBoolean met = new AtomicBoolean();
        bare.withBean("one", Job.class, () -> waiting("one", barrier, patience, met))
                .withBean("two", Job.class, () -> waiting("two", barrier, patience, met))
                .withPropertyValues("millpond.jobs.concurrency=" + concurrency)
                .run(context -> {
                    start(context);
                    assertThat(jobs(context).awaitFirstRuns(List.of("one", "two"), LIMIT))
                            .isTrue();
                });
        return met.get();
    }

    private static Job waiting(String name, CyclicBarrier barrier, Duration patience, AtomicBoolean met) {
        return Job.of(name, run -> {
                    barrier.await(patience.toMillis(), TimeUnit.MILLISECONDS); // breaks when it takes longer
                    met.set(true);
                    return Map.of();
                })
                .atStart();
    }

    @Test
    void jobs_warmUpDisabled_waitForTheSwitch() {
        warmed.withPropertyValues("millpond.cache.warm-up.enabled=false", "millpond.cache.warm-up.ready-after=numbers")
                .run(context -> {
                    Switches switches = context.getBean(Switches.class);
                    assertThat(switches.state(Switch.WARM_UP).mode()).isEqualTo(SwitchMode.OFF);
                    start(context);
                    assertThat(context.getBean(OneWarmer.class).loads).hasValue(0);

                    switches.set(Switch.WARM_UP, SwitchMode.ON, SwitchScope.NODE, "alice");
                    assertThat(context.getBean(Warmer.class).run().loaded()).isEqualTo(3);
                });
    }

    @Test
    void jobs_redisAndNamespace_areTheirs() {
        warmed.withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .withPropertyValues("millpond.namespace=shop")
                .run(context -> Assertions.assertThatThrownBy(
                                () -> jobs(context).pause("warm-up:numbers", "alice"))
                        .isInstanceOf(JobException.class)
                        .hasMessageContaining("'shop:jobs"));
    }

    @Test
    void jobs_customizer_canAddOne() {
        bare.withBean(Job.class, () -> Job.of("one", run -> Map.of()))
                .withBean(JobsBuilderCustomizer.class, () -> builder -> builder.job(Job.of("two", run -> Map.of())))
                .run(context -> assertThat(jobs(context).states())
                        .extracting(JobState::name)
                        .containsExactly("one", "two"));
    }

    @Test
    void jobs_ofTheApplication_winAndAreStarted() {
        Jobs own = Jobs.builder().job(Job.of("own", run -> Map.of()).atStart()).build();
        warmed.withBean(Jobs.class, () -> own).run(context -> {
            assertThat(jobs(context)).isSameAs(own);
            start(context);
            assertThat(own.awaitFirstRuns(List.of("own"), LIMIT)).isTrue();
            assertThat(own.state("own").runs()).isEqualTo(1);
        });
    }

    @Test
    void jobs_millpondDisabled_areNotThere() {
        warmed.withPropertyValues("millpond.enabled=false", "millpond.cache.warm-up.ready-after=numbers")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Jobs.class));
    }

    @Test
    void readyAfter_unknownWarmer_stopsTheStart() {
        warmed.withPropertyValues("millpond.cache.warm-up.ready-after=numbers,numbrs")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessage("Property 'millpond.cache.warm-up.ready-after' names 'numbrs', must name warmers of"
                                + " this application, which are [numbers]. Use 'numbers', or make a bean of the Warmer"
                                + " 'numbrs'."));
        bare.withPropertyValues("millpond.cache.warm-up.ready-after=numbers")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessage(
                                "Property 'millpond.cache.warm-up.ready-after' names 'numbers', must name warmers of"
                                        + " this application, which are []. Make a bean of the Warmer 'numbers', or remove"
                                        + " it."));
    }

    @Test
    void readyAfter_nameOfAJob_stopsTheStartWithTheNameOfTheWarmer() {
        ApplicationContextRunner cleaned = warmed.withBean(Job.class, () -> Job.of("clean", run -> Map.of()));
        String rule =
                "', must name warmers of this application, which are [numbers]. Use 'numbers', or make a bean of the"
                        + " Warmer '";
        for (String name : List.of("warm-up:numbers", "clean")) {
            cleaned.withPropertyValues("millpond.cache.warm-up.ready-after=" + name)
                    .run(context -> assertThat(context.getStartupFailure())
                            .rootCause()
                            .hasMessage("Property 'millpond.cache.warm-up.ready-after' names '" + name + rule + name
                                    + "'."));
        }
    }

    @Test
    void hotKeysOf_cacheThatIsABean_isWarmedWithWhatIsReadMost() {
        hotKeysOf("products").withUserConfiguration(Caches.class).run(context -> {
            assertThat(jobs(context).states()).extracting(JobState::name).containsExactly("warm-up:products");
            assertThat(schedule(context, "warm-up:products")).isEqualTo("every PT2M, at start");
            LoadingCache<Long, Integer> products = products(context);
            assertThat(products.get(7L)).isEqualTo(1);
            products.invalidateAll();

            start(context);
            assertThat(jobs(context).awaitFirstRuns(List.of("warm-up:products"), LIMIT))
                    .isTrue();
            assertThat(products.lookup(7L))
                    .extracting(CacheResult::source, CacheResult::value)
                    .containsExactly(Source.LOCAL, Optional.of(2));
        });
    }

    @SuppressWarnings("unchecked")
    private static LoadingCache<Long, Integer> products(ApplicationContext context) {
        return context.getBean(LoadingCache.class);
    }

    private ApplicationContextRunner hotKeysOf(String... caches) {
        return bare.withPropertyValues(
                "millpond.cache.warm-up.hot-keys-of=" + String.join(",", caches),
                "millpond.cache.warm-up.warmers.products.refill-every=2m");
    }

    private static void assertHotKeysRefused(ApplicationContextRunner runner, String message) {
        runner.run(context -> assertThat(context.getStartupFailure())
                .hasStackTraceContaining("Property 'millpond.cache.warm-up.hot-keys-of' " + message));
    }

    @Test
    void hotKeysOf_cacheThatIsNoBean_stopsTheStart() {
        String bean = " a bean of it that has a loader, as in '@Bean LoadingCache<Long, Product> products(CacheRegistry"
                + " caches)'; what @Cacheable alone makes has none, and uses the cache of such a bean.";
        assertHotKeysRefused(
                hotKeysOf("product").withUserConfiguration(Caches.class),
                "names 'product', must name caches that are beans of type LoadingCache, which are [products]. Use"
                        + " 'products', or make" + bean);
        assertHotKeysRefused(
                hotKeysOf("product"),
                "names 'product', must name caches that are beans of type LoadingCache, which are []. Make" + bean);
    }

    @Test
    void hotKeysOf_cacheWithAWarmerOfItsName_stopsTheStart() {
        assertHotKeysRefused(
                hotKeysOf("products")
                        .withUserConfiguration(Caches.class)
                        .withBean(
                                Warmer.class,
                                () -> CacheRegistry.builder()
                                        .build()
                                        .newCache("products", Integer.class)
                                        .build((String key) -> 1)
                                        .warmer(Stream::empty)
                                        .build()),
                "names 'products', but a bean of type Warmer has this name already. Give that bean another name by its"
                        + " builder, or remove 'products' here.");
    }

    @Test
    void hotKeysOf_typeOfKeysIsUnknown_stopsTheStart() {
        LoadingCache<Long, Integer> products = CacheRegistry.builder()
                .build()
                .newCache("products", Integer.class)
                .build((Long key) -> 1);
        String message = "names 'products', but its bean 'raw' does not say of which type its keys are. Declare it with"
                + " its types, as in 'LoadingCache<Long, Product>'.";
        assertHotKeysRefused(hotKeysOf("products").withBean("raw", LoadingCache.class, () -> products), message);
        assertHotKeysRefused(
                hotKeysOf("products")
                        .withInitializer(context -> context.getBeanFactory().registerSingleton("raw", products)),
                message);
    }

    @Test
    void hotKeysOf_keysThatHaveNoTextToReadBack_stopsTheStart() {
        assertHotKeysRefused(
                hotKeysOf("things").withUserConfiguration(UnreadableKeys.class),
                "is refused: Cache 'things' cannot read keys of class java.lang.Object back from their texts. Give"
                        + " hotKeys().as(...) a parser, or the type of the keys: text, numbers, enums, UUIDs, dates, or"
                        + " records and lists of these. Do so in a bean of type Warmer, and remove 'things' here.");
    }

    @Test
    void hotKeysOf_cacheThatRemembersNone_stopsTheStart() {
        String message = "names 'products', but this cache remembers no hot keys. Call hotKeys(1000) of its builder, or"
                + " remove 'products' here.";
        assertHotKeysRefused(hotKeysOf("products").withUserConfiguration(Forgetful.class), message);
        assertHotKeysRefused(
                hotKeysOf("products")
                        .withUserConfiguration(Caches.class)
                        .withBean(
                                CacheRegistry.class,
                                () -> CacheRegistry.builder().build()),
                message);
    }

    @Test
    void hotKeysOf_beanOfAnotherScope_isNotMade() {
        hotKeysOf("products")
                .withUserConfiguration(Caches.class, OfARequest.class)
                .run(context -> assertThat(jobs(context).states())
                        .extracting(JobState::name)
                        .containsExactly("warm-up:products"));
    }

    @Test
    void hotKeysOf_cacheThatIsTwoBeans_isWarmedByTheOneThatSaysItsTypeOfKeys() {
        for (Class<?> first : List.of(Caches.class, RawName.class)) {
            Class<?> second = first == Caches.class ? RawName.class : Caches.class;
            hotKeysOf("products")
                    .withUserConfiguration(first, second)
                    .run(context -> assertThat(jobs(context).states())
                            .extracting(JobState::name)
                            .containsExactly("warm-up:products"));
        }
    }

    @Test
    void close_jobIsRunning_waitsForItBeforeAnythingItUsesIsClosed() {
        Ended ended = new Ended();
        bare.withBean(Ended.class, () -> ended)
                .withUserConfiguration(LongJob.class)
                .run(context -> {
                    start(context);
                    assertThat(ended.running.await(20, TimeUnit.SECONDS)).isTrue();
                });
        assertThat(ended.names).containsExactly("job", "database", "redis");
    }

    /** A cache as applications declare them. */
    @Configuration(proxyBeanMethods = false)
    static class Caches {

        final AtomicInteger loads = new AtomicInteger();

        @Bean
        LoadingCache<Long, Integer> productsById(CacheRegistry caches) {
            return caches.newCache("products", Integer.class).build((Long key) -> loads.incrementAndGet());
        }
    }

    /** A cache whose code turns its memory off. */
    @Configuration(proxyBeanMethods = false)
    static class Forgetful {

        @Bean
        LoadingCache<Long, Integer> products(CacheRegistry caches) {
            return caches.newCache("products", Integer.class).hotKeys(0).build((Long key) -> 1);
        }
    }

    /** A cache that only a request has. */
    @Configuration(proxyBeanMethods = false)
    static class OfARequest {

        @Bean
        @Scope("request")
        LoadingCache<Long, Integer> baskets(CacheRegistry caches) {
            return caches.newCache("baskets", Integer.class).build((Long key) -> 1);
        }
    }

    /** Another name of the cache, without its types. */
    @Configuration(proxyBeanMethods = false)
    static class RawName {

        @Bean
        LoadingCache<?, ?> anyProducts(@Qualifier("productsById") LoadingCache<?, ?> products) {
            return products;
        }
    }

    /** A cache whose keys nobody could read back. */
    @Configuration(proxyBeanMethods = false)
    static class UnreadableKeys {

        @Bean
        LoadingCache<Object, Integer> things(CacheRegistry caches) {
            return caches.newCache("things", Integer.class).build((Object key) -> 1);
        }
    }

    /** A warmer of three keys. */
    @Configuration(proxyBeanMethods = false)
    static class OneWarmer {

        final AtomicInteger loads = new AtomicInteger();

        @Bean
        Warmer numbers(CacheRegistry caches) {
            return caches.newCache("numbers", Integer.class)
                    .build((String key) -> loads.incrementAndGet())
                    .warmer(() -> Stream.of("one", "two", "three"))
                    .build();
        }
    }

    /** In which order things ended. */
    static final class Ended {

        final CountDownLatch running = new CountDownLatch(1);
        final List<String> names = new CopyOnWriteArrayList<>();
    }

    /** A job that runs until it is cancelled, and what it uses. */
    @Configuration(proxyBeanMethods = false)
    static class LongJob {

        @Bean
        Object usesJobsFirst(Jobs jobs) {
            return jobs.states();
        }

        @Bean
        RedisConnection redis(Ended ended) {
            return new FakeRedisConnection(true) {
                @Override
                public void close() {
                    ended.names.add("redis");
                }
            };
        }

        @Bean
        AutoCloseable database(Ended ended) {
            return () -> ended.names.add("database");
        }

        @Bean
        Job job(AutoCloseable database, Ended ended) {
            return Job.of("long", run -> {
                        ended.running.countDown();
                        while (!run.isCancelled()) {
                            Thread.onSpinWait();
                        }
                        ended.names.add("job");
                        return Map.of();
                    })
                    .atStart();
        }
    }
}
