package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** Two applications over one real Redis. */
@ExtendWith(OutputCaptureExtension.class)
final class SpringCachingIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final State state = new State();
    private @Nullable ConfigurableApplicationContext first;
    private @Nullable ConfigurableApplicationContext second;
    private Shop shop = new Shop(state);
    private Shop otherShop = new Shop(state);

    @BeforeEach
    void start() {
        redis.server().flush();
        first = application();
        second = application();
        shop = first.getBean(Shop.class);
        otherShop = second.getBean(Shop.class);
    }

    @AfterEach
    void stop() {
        Optional.ofNullable(second).ifPresent(ConfigurableApplicationContext::close);
        Optional.ofNullable(first).ifPresent(ConfigurableApplicationContext::close);
    }

    private ConfigurableApplicationContext application() {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .initializers(
                        initialized -> ((GenericApplicationContext) initialized).registerBean(State.class, () -> state))
                .properties(Map.of(
                        "millpond.redis.url", redis.url(),
                        "millpond.namespace", "shop",
                        "spring.main.banner-mode", "off"))
                .run();
        awaitCaching(context);
        return context;
    }

    private static void awaitCaching(ConfigurableApplicationContext context) {
        assertThat(context.getBean(RedisConnection.class).awaitAvailable(Duration.ofSeconds(10)))
                .isTrue();
        LoadingCache<String, String> probe = context.getBean(CacheRegistry.class)
                .newCache("probe", String.class)
                .build((String key) -> key);
        await().until(() -> probe.lookup("x").fromCache());
    }

    @Test
    void cacheable_calledByTheOtherApplication_isAnsweredByRedis() {
        assertThat(shop.find(1)).isEqualTo(new Product(1, "tea", List.of("hot")));
        assertThat(otherShop.find(1)).isEqualTo(new Product(1, "tea", List.of("hot")));
        assertThat(state.calls).hasValue(1);
    }

    @Test
    void cacheable_genericType_isReadAsDeclared() {
        shop.all();

        assertThat(otherShop.all()).containsExactly(new Product(1, "tea", List.of("hot")));
        assertThat(state.calls).hasValue(1);
    }

    @Test
    void cacheable_nullResult_isRememberedForTheOtherToo() {
        assertThat(shop.find(99)).isNull();
        assertThat(otherShop.find(99)).isNull();
        assertThat(state.calls).hasValue(1);
    }

    @Test
    void cacheEvict_returned_isSeenByTheOther() {
        shop.find(1);
        otherShop.find(1);
        state.products.put(1L, new Product(1, "coffee", List.of()));

        shop.evict(1);

        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(otherShop.find(1)).isEqualTo(new Product(1, "coffee", List.of())));
    }

    @Test
    void cachePut_returned_isSeenByTheOther() {
        otherShop.find(1);

        shop.rename(1, "coffee");

        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(otherShop.find(1)).isEqualTo(new Product(1, "coffee", List.of())));
        assertThat(state.calls).hasValue(1);
    }

    @Test
    void cacheTags_invalidated_areGoneInTheOther() {
        otherShop.all();
        state.products.put(1L, new Product(1, "coffee", List.of()));

        context(first).getBean(CacheRegistry.class).invalidate(Tag.of("product", 1));

        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(otherShop.all()).containsExactly(new Product(1, "coffee", List.of())));
    }

    @Test
    void keys_inRedis_areReadable() {
        shop.find(1);
        shop.price(1, "de");
        shop.all();

        assertThat(keys()).contains("shop:products:1", "shop:prices:1:de", "shop:all:()");
    }

    @Test
    void cacheable_valueThatCannotBeWritten_isServedAndKeptInThisProcessOnly(CapturedOutput output) {
        assertThat(shop.unwritable(1)).isSameAs(shop.unwritable(1));
        assertThat(shop.unwritable(2)).isNotNull();
        assertThat(otherShop.unwritable(1)).isNotNull();

        assertThat(state.calls).hasValue(3);
        assertThat(keys()).noneMatch(key -> key.contains("unwritable"));
        Cache<?, ?> cache =
                context(first).getBean(CacheRegistry.class).find("unwritable").orElseThrow();
        assertThat(cache.stats().unstorable()).isEqualTo(2);
        assertThat(output.toString().split("holds a value that cannot be stored in Redis", -1))
                .as("one warning by each application")
                .hasSize(3);
    }

    @Test
    void cacheManager_cacheOfUnknownType_staysInThisProcess(CapturedOutput output) {
        org.springframework.cache.Cache own =
                context(first).getBean(CacheManager.class).getCache("by-hand");
        assertThat(own).isNotNull();
        own.put("a", new Product(1, "tea", List.of()));

        assertThat(own.get("a", Product.class)).isEqualTo(new Product(1, "tea", List.of()));
        assertThat(context(second).getBean(CacheManager.class).getCache("by-hand"))
                .isNotNull()
                .satisfies(other -> assertThat(other.get("a")).isNull());
        assertThat(output)
                .contains(
                        "The values of cache 'by-hand' stay in this process, because no @Cacheable or @CachePut method"
                                + " says their type. Make the cache with CacheRegistry.newCache(\"by-hand\", <type of its"
                                + " values>), and they are shared through Redis.");
    }

    @Test
    void cacheable_typeThatDoesNotSayEnough_staysInThisProcess(CapturedOutput output) {
        assertThat(shop.anything(1)).isEqualTo(new Product(1, "tea", List.of("hot")));
        assertThat(shop.anything(1)).isEqualTo(new Product(1, "tea", List.of("hot")));
        assertThat(otherShop.anything(1)).isEqualTo(new Product(1, "tea", List.of("hot")));

        assertThat(state.calls).hasValue(2);
        assertThat(output)
                .contains(
                        "The values of cache 'anything' stay in this process, because their type is not precise enough"
                                + " to read them back: " + Shop.class.getName() + ".anything (java.lang.Object).");
    }

    private static ConfigurableApplicationContext context(@Nullable ConfigurableApplicationContext context) {
        assertThat(context).isNotNull();
        return context;
    }

    private static List<?> keys() {
        return (List<?>) Objects.requireNonNull(redis.server().command("KEYS", "*"));
    }

    record Product(long id, String name, List<String> labels) {}

    /** Has a getter that fails, so it cannot be written as JSON. */
    static final class Unwritable {

        public String getText() {
            throw new IllegalStateException("not for JSON");
        }
    }

    static class State {

        final AtomicInteger calls = new AtomicInteger();
        final Map<Long, Product> products = new ConcurrentHashMap<>(Map.of(1L, new Product(1, "tea", List.of("hot"))));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    static class Application {

        @Bean
        Shop shop(State state) {
            return new Shop(state);
        }
    }

    static class Shop {

        private final State state;

        Shop(State state) {
            this.state = state;
        }

        @Cacheable("products")
        public @Nullable Product find(long id) {
            state.calls.incrementAndGet();
            return state.products.get(id);
        }

        @CacheEvict("products")
        public void evict(long id) {}

        @CachePut(cacheNames = "products", key = "#id")
        public Product rename(long id, String name) {
            return new Product(id, name, List.of());
        }

        @Cacheable("all")
        @CacheTags("product:#{#result.![id]}")
        public List<Product> all() {
            state.calls.incrementAndGet();
            return List.copyOf(state.products.values());
        }

        @Cacheable("prices")
        public int price(long id, String country) {
            state.calls.incrementAndGet();
            return 5;
        }

        @Cacheable("unwritable")
        public Unwritable unwritable(long id) {
            state.calls.incrementAndGet();
            return new Unwritable();
        }

        @Cacheable("anything")
        public @Nullable Object anything(long id) {
            state.calls.incrementAndGet();
            return state.products.get(id);
        }
    }
}
