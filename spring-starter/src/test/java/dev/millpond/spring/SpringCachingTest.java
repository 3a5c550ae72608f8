package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Tag;
import dev.millpond.spring.autoconfigure.MillpondCacheAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondCacheManagerAutoConfiguration;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class SpringCachingTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondCacheAutoConfiguration.class, MillpondCacheManagerAutoConfiguration.class))
            .withUserConfiguration(Application.class);

    @Test
    void cacheable_secondCall_isAnsweredByTheCache() {
        withShop((shop, state) -> {
            assertThat(shop.find(1)).isEqualTo(shop.find(1));
            assertThat(state.calls).hasValue(1);
        });
    }

    @Test
    void cacheable_nullResult_isRememberedAsAbsent() {
        withShop((shop, state) -> {
            state.products.clear();
            assertThat(shop.find(1)).isNull();
            assertThat(shop.find(1)).isNull();
            assertThat(state.calls).hasValue(1);
        });
    }

    @Test
    void cacheable_nullResultButNoTimeForAbsence_isAskedForAgain() {
        runner.withPropertyValues("millpond.cache.absent-time-to-live=0s").run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            state.products.clear();
            assertThat(shop.find(1)).isNull();
            assertThat(shop.find(1)).isNull();
            assertThat(state.calls).hasValue(2);
        });
    }

    @Test
    void cacheable_optional_isUnwrappedInTheCache() {
        runner.run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            assertThat(shop.findOptional(1)).contains(new Product(1, 7, "tea"));
            assertThat(shop.findOptional(1)).contains(new Product(1, 7, "tea"));
            assertThat(shop.findOptional(99)).isEmpty();
            assertThat(shop.findOptional(99)).isEmpty();
            assertThat(state.calls).hasValue(2);
            assertThat(cache(context, "products").get(1L, key -> null)).isEqualTo(new Product(1, 7, "tea"));
        });
    }

    @Test
    void cacheable_exception_reachesTheCallerAndIsNotCached() {
        withShop((shop, state) -> {
            assertThatThrownBy(() -> shop.failing(1))
                    .isInstanceOf(IOException.class)
                    .hasMessage("down 1");
            assertThatThrownBy(() -> shop.failing(1))
                    .isInstanceOf(IOException.class)
                    .hasMessage("down 2");
        });
    }

    @Test
    void cacheable_manyCallersAtOnce_shareOneCall() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            runner.run(context -> {
                Shop shop = context.getBean(Shop.class);
                State state = context.getBean(State.class);
                List<Future<Product>> answers =
                        threads.invokeAll(Collections.nCopies(8, () -> shop.slow(1)), 10, TimeUnit.SECONDS);
                for (Future<Product> answer : answers) {
                    assertThat(answer.get()).isEqualTo(new Product(1, 7, "tea"));
                }
                assertThat(state.calls).hasValue(1);
            });
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void cacheable_severalArguments_areOneKey() {
        withShop((shop, state) -> {
            assertThat(shop.price(1, "de")).isEqualTo("1-de");
            assertThat(shop.price(1, "fr")).isEqualTo("1-fr");
            assertThat(shop.price(1, "de")).isEqualTo("1-de");
            assertThat(state.calls).hasValue(2);
        });
    }

    @Test
    void cacheable_conditionNotMet_callsEachTime() {
        withShop((shop, state) -> {
            shop.onlyPositive(-1);
            shop.onlyPositive(-1);
            shop.onlyPositive(1);
            shop.onlyPositive(1);
            assertThat(state.calls).hasValue(3);
        });
    }

    @Test
    void cacheable_unlessMet_returnsTheValueAndKeepsNothing() {
        withShop((shop, state) -> {
            assertThat(shop.unlessCheap(3)).isEqualTo(3);
            assertThat(shop.unlessCheap(3)).isEqualTo(3);
            assertThat(shop.unlessCheap(30)).isEqualTo(30);
            assertThat(shop.unlessCheap(30)).isEqualTo(30);
            assertThat(state.calls).hasValue(3);
        });
    }

    @Test
    void cacheable_unlessByRootAndBean_isEvaluated() {
        withShop((shop, state) -> {
            shop.unlessByRoot(1);
            shop.unlessByRoot(1);
            assertThat(state.calls).hasValue(2);
        });
    }

    @Test
    void cacheable_severalCaches_askEachAndFillAll() {
        runner.run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            shop.inTwoCaches(1);
            cache(context, "one").invalidate(1L);
            shop.inTwoCaches(1);
            assertThat(state.calls).hasValue(1);
            cache(context, "two").invalidate(1L);
            shop.inTwoCaches(1);
            assertThat(state.calls).hasValue(2);
        });
    }

    @Test
    void cacheable_whatTheMethodReadsFromOtherCaches_becomesADependency() {
        withShop((shop, state) -> {
            assertThat(shop.label(1)).isEqualTo("tea!");
            state.products.put(1L, new Product(1, 7, "coffee"));
            shop.evict(1);
            assertThat(shop.label(1)).isEqualTo("coffee!");
        });
    }

    @Test
    void cacheEvict_returned_isDone() {
        withShop((shop, state) -> {
            shop.find(1);
            state.products.put(1L, new Product(1, 7, "coffee"));
            shop.evict(1);
            assertThat(shop.find(1)).isEqualTo(new Product(1, 7, "coffee"));
        });
    }

    @Test
    void cacheEvict_allEntries_emptiesTheCache() {
        withShop((shop, state) -> {
            shop.find(1);
            shop.find(2);
            shop.evictAll();
            shop.find(1);
            shop.find(2);
            assertThat(state.calls).hasValue(4);
        });
    }

    @Test
    void cacheEvict_whileAMethodRuns_winsOverIt() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            runner.run(context -> {
                Shop shop = context.getBean(Shop.class);
                State state = context.getBean(State.class);
                Future<Product> old = threads.submit(() -> shop.held(1));
                assertThat(state.entered.await(5, TimeUnit.SECONDS)).isTrue();
                state.products.put(1L, new Product(1, 7, "coffee"));
                shop.evictHeld(1);
                state.release.countDown();
                assertThat(old.get().name()).isEqualTo("tea");
                assertThat(shop.held(1).name()).isEqualTo("coffee");
            });
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void cachePut_returned_replacesTheValue() {
        withShop((shop, state) -> {
            shop.find(1);
            shop.rename(1, "coffee");
            assertThat(shop.find(1)).isEqualTo(new Product(1, 7, "coffee"));
            assertThat(state.calls).hasValue(1);
        });
    }

    @Test
    void cacheTags_invalidated_takeOutWhatCarriesThem() {
        runner.run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            shop.tagged(1);
            shop.tagged(2);
            context.getBean(CacheRegistry.class).invalidate(Tag.of("category", 7));
            shop.tagged(1);
            shop.tagged(2);
            assertThat(state.calls)
                    .as("product 1 is of category 7, product 2 of category 8")
                    .hasValue(3);
        });
    }

    @Test
    void cacheTags_ofACollection_areOneForEachElement() {
        runner.run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            shop.all();
            context.getBean(CacheRegistry.class).invalidate(Tag.of("product", 2));
            shop.all();
            assertThat(state.calls).hasValue(2);
        });
    }

    @Test
    void cacheTags_onCachePut_areOfTheNewValue() {
        runner.run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            shop.tagged(1);
            shop.move(1, 9);
            CacheRegistry caches = context.getBean(CacheRegistry.class);
            caches.invalidate(Tag.of("category", 7));
            shop.tagged(1);
            assertThat(state.calls).hasValue(1);
            caches.invalidate(Tag.of("category", 9));
            shop.tagged(1);
            assertThat(state.calls).hasValue(2);
        });
    }

    @Test
    void cacheTags_absentResult_haveNone() {
        withShop((shop, state) -> {
            assertThat(shop.tagged(99)).isNull();
            assertThat(shop.tagged(99)).isNull();
            assertThat(state.calls).hasValue(1);
        });
    }

    @Test
    void cacheTags_annotationsNameTheCacheManager_areKept() {
        runner.run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            shop.named(1);
            shop.named(1);
            assertThat(state.calls).hasValue(1);

            context.getBean(CacheRegistry.class).invalidate(Tag.of("category", 7));
            shop.named(1);
            assertThat(state.calls).hasValue(2);
            shop.evictNamed(1);
            shop.named(1);
            assertThat(state.calls).hasValue(3);
            shop.renameNamed(1, "mug");
            assertThat(shop.named(1)).isEqualTo(new Product(1, 7, "mug"));
            context.getBean(CacheRegistry.class).invalidate(Tag.of("category", 7));
            assertThat(shop.named(1)).isEqualTo(new Product(1, 7, "tea"));
        });
    }

    @Test
    void cacheManager_cacheOfTheApplication_isUsed() {
        runner.run(context -> {
            Cache<Long, String> made = context.getBean(CacheRegistry.class)
                    .newCache("programmatic", String.class)
                    .build();
            made.put(1L, "by hand");
            assertThat(context.getBean(CacheManager.class).getCache("programmatic"))
                    .isNotNull()
                    .satisfies(cache -> assertThat(cache.get(1L, String.class)).isEqualTo("by hand"));
        });
    }

    @Test
    void cacheManager_startedContext_knowsTheCachesOfAllMethods() {
        runner.run(context -> assertThat(context.getBean(CacheManager.class).getCacheNames())
                .contains("products", "prices", "labels", "one", "two"));
    }

    @Test
    void millpondDisabled_annotatedMethods_stillRun() {
        runner.withPropertyValues("millpond.enabled=false").run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            assertThat(shop.find(1)).isEqualTo(shop.find(1));
            assertThat(state.calls).hasValue(2);
            shop.evict(1);
        });
    }

    @Test
    void cachesDisabled_annotatedMethods_stillRun() {
        runner.withPropertyValues("millpond.cache.enabled=false").run(context -> {
            Shop shop = context.getBean(Shop.class);
            State state = context.getBean(State.class);
            assertThat(shop.find(1)).isEqualTo(shop.find(1));
            assertThat(state.calls).hasValue(2);
        });
    }

    @Test
    void oneCacheDisabled_itsMethods_runEachTime() {
        runner.withPropertyValues("millpond.cache.caches.products.enabled=false")
                .run(context -> {
                    Shop shop = context.getBean(Shop.class);
                    State state = context.getBean(State.class);
                    shop.find(1);
                    shop.find(1);
                    assertThat(state.calls).hasValue(2);
                    shop.price(1, "de");
                    shop.price(1, "de");
                    assertThat(state.calls).hasValue(3);
                });
    }

    @Test
    void cacheBuilderCustomizer_changesCachesOfAnnotations() {
        runner.withBean(
                        CacheBuilderCustomizer.class,
                        () -> (name, builder) -> builder.enabled(!name.equals("products")))
                .run(context -> {
                    Shop shop = context.getBean(Shop.class);
                    State state = context.getBean(State.class);
                    shop.find(1);
                    shop.find(1);
                    assertThat(state.calls).hasValue(2);
                });
    }

    private void withShop(BiConsumer<Shop, State> test) {
        runner.run(context -> test.accept(context.getBean(Shop.class), context.getBean(State.class)));
    }

    @SuppressWarnings("unchecked")
    private static Cache<Object, Object> cache(AssertableApplicationContext context, String name) {
        return (Cache<Object, Object>)
                context.getBean(CacheRegistry.class).find(name).orElseThrow();
    }

    record Product(long id, long category, String name) {}

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {

        @Bean
        State state() {
            return new State();
        }

        @Bean
        Catalog catalog(State state) {
            return new Catalog(state);
        }

        @Bean
        Shop shop(State state, Catalog catalog) {
            return new Shop(state, catalog);
        }
    }

    /** What the methods work on; not in their beans, since tests see only the proxies of these. */
    static class State {

        final AtomicInteger calls = new AtomicInteger();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final Map<Long, Product> products =
                new ConcurrentHashMap<>(Map.of(1L, new Product(1, 7, "tea"), 2L, new Product(2, 8, "cup")));

        public int size() {
            return products.size();
        }
    }

    /** Reads a cache of another bean, as the methods of a service do. */
    static class Catalog {

        private final State state;

        Catalog(State state) {
            this.state = state;
        }

        @Cacheable("catalog")
        public @Nullable Product find(long id) {
            return state.products.get(id);
        }

        @CacheEvict("catalog")
        public void evict(long id) {}
    }

    static class Shop {

        private final State state;
        private final Catalog catalog;

        Shop(State state, Catalog catalog) {
            this.state = state;
            this.catalog = catalog;
        }

        @Cacheable("products")
        public @Nullable Product find(long id) {
            state.calls.incrementAndGet();
            return state.products.get(id);
        }

        @Cacheable("products")
        public Optional<Product> findOptional(long id) {
            state.calls.incrementAndGet();
            return Optional.ofNullable(state.products.get(id));
        }

        @Cacheable("failing")
        public Product failing(long id) throws IOException {
            throw new IOException("down " + state.calls.incrementAndGet());
        }

        @Cacheable(cacheNames = "slow", sync = true)
        public @Nullable Product slow(long id) throws InterruptedException {
            state.calls.incrementAndGet();
            state.entered.await(50, TimeUnit.MILLISECONDS);
            return state.products.get(id);
        }

        @Cacheable("held")
        public Product held(long id) throws InterruptedException {
            Product read = state.products.get(id);
            state.entered.countDown();
            state.release.await(5, TimeUnit.SECONDS);
            return Objects.requireNonNull(read);
        }

        @CacheEvict("held")
        public void evictHeld(long id) {}

        @Cacheable("prices")
        public String price(long id, String country) {
            state.calls.incrementAndGet();
            return id + "-" + country;
        }

        @Cacheable(cacheNames = "numbers", condition = "#number > 0")
        public int onlyPositive(int number) {
            return state.calls.incrementAndGet();
        }

        @Cacheable(cacheNames = "numbers", unless = "#result < 10", key = "#price")
        public int unlessCheap(int price) {
            state.calls.incrementAndGet();
            return price;
        }

        @Cacheable(
                cacheNames = "numbers",
                key = "'root' + #a0",
                unless = "#root.methodName == 'unlessByRoot' && @state.size() == 2 && #number == #p0")
        public int unlessByRoot(int number) {
            return state.calls.incrementAndGet();
        }

        @Cacheable({"one", "two"})
        public String inTwoCaches(long id) {
            return "call " + state.calls.incrementAndGet();
        }

        @Cacheable("labels")
        public String label(long id) {
            Product product = catalog.find(id);
            return product == null ? "?" : product.name() + "!";
        }

        @CacheEvict("products")
        public void evict(long id) {
            catalog.evict(id);
        }

        @CacheEvict(cacheNames = "products", allEntries = true)
        public void evictAll() {}

        @CachePut(cacheNames = "products", key = "#id")
        public Product rename(long id, String name) {
            return new Product(id, 7, name);
        }

        @Cacheable(cacheNames = "named", cacheManager = "cacheManager")
        @CacheTags("category:#{#result.category}")
        public @Nullable Product named(long id) {
            return find(id);
        }

        @CacheEvict(cacheNames = "named", cacheManager = "cacheManager")
        public void evictNamed(long id) {}

        @CachePut(cacheNames = "named", key = "#id", cacheManager = "cacheManager")
        @CacheTags("category:#{#result.category}")
        public Product renameNamed(long id, String name) {
            return rename(id, name);
        }

        @Cacheable("tagged")
        @CacheTags("category:#{#result.category}")
        public @Nullable Product tagged(long id) {
            state.calls.incrementAndGet();
            return state.products.get(id);
        }

        @CachePut(cacheNames = "tagged", key = "#id")
        @CacheTags("category:#{#result.category}")
        public Product move(long id, long category) {
            return new Product(id, category, "moved");
        }

        @Cacheable("all")
        @CacheTags({"products", "product:#{#result.![id]}"})
        public List<Product> all() {
            state.calls.incrementAndGet();
            return List.copyOf(state.products.values());
        }
    }
}
