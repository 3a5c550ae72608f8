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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

    private static final AtomicLong NEXT_ID = new AtomicLong();
    private static final State STATE = new State();
    private static final List<ConfigurableApplicationContext> CONTEXTS = new ArrayList<>();

    private final long id = NEXT_ID.incrementAndGet();
    private final Shop shop = CONTEXTS.get(0).getBean(Shop.class);
    private final Shop otherShop = CONTEXTS.get(1).getBean(Shop.class);

    @BeforeAll
    static void start() {
        CONTEXTS.add(application());
        CONTEXTS.add(application());
    }

    @AfterAll
    static void stop() {
        CONTEXTS.forEach(ConfigurableApplicationContext::close);
        CONTEXTS.clear();
    }

    @BeforeEach
    void stock() {
        STATE.calls.set(0);
        STATE.products.put(id, product("tea"));
    }

    private Product product(String name) {
        return new Product(id, name, List.of("hot"));
    }

    private static ConfigurableApplicationContext application(String... arguments) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .initializers(
                        initialized -> ((GenericApplicationContext) initialized).registerBean(State.class, () -> STATE))
                .properties(Map.of(
                        "millpond.redis.url", redis.url(),
                        "millpond.namespace", "shop",
                        "spring.main.banner-mode", "off"))
                .run(arguments);
        if (arguments.length == 0) {
            awaitCaching(context);
        }
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
        assertThat(shop.find(id)).isEqualTo(product("tea"));
        assertThat(otherShop.find(id)).isEqualTo(product("tea"));
        assertThat(STATE.calls).hasValue(1);
    }

    @Test
    void cacheable_genericType_isReadAsDeclared() {
        shop.like(id);

        assertThat(otherShop.like(id)).containsExactly(product("tea"));
        assertThat(STATE.calls).hasValue(1);
    }

    @Test
    void cacheable_nullResult_isRememberedForTheOtherToo() {
        STATE.products.clear();

        assertThat(shop.find(id)).isNull();
        assertThat(otherShop.find(id)).isNull();
        assertThat(STATE.calls).hasValue(1);
    }

    @Test
    void cacheEvict_returned_isSeenByTheOther() {
        shop.find(id);
        otherShop.find(id);
        STATE.products.put(id, product("coffee"));

        shop.evict(id);

        awaitSeen(() -> assertThat(otherShop.find(id)).isEqualTo(product("coffee")));
    }

    @Test
    void cacheEvict_whereCachesAreOff_isSeenByTheOther() {
        otherShop.find(id);
        STATE.products.put(id, product("coffee"));
        try (ConfigurableApplicationContext off = application("--millpond.cache.enabled=false")) {
            assertThat(off.getBean(RedisConnection.class).awaitAvailable(Duration.ofSeconds(10)))
                    .isTrue();
            off.getBean(Shop.class).evict(id);

            awaitSeen(() -> assertThat(otherShop.find(id)).isEqualTo(product("coffee")));
        }
    }

    @Test
    void cachePut_returned_isSeenByTheOther() {
        otherShop.find(id);

        shop.rename(id, "coffee");

        awaitSeen(() -> assertThat(otherShop.find(id)).isEqualTo(product("coffee")));
        assertThat(STATE.calls).hasValue(1);
    }

    @Test
    void cacheTags_invalidated_areGoneInTheOther() {
        otherShop.like(id);
        STATE.products.put(id, product("coffee"));

        CONTEXTS.get(0).getBean(CacheRegistry.class).invalidate(Tag.of("product", id));

        awaitSeen(() -> assertThat(otherShop.like(id)).containsExactly(product("coffee")));
    }

    @Test
    void keys_inRedis_areReadable() {
        shop.find(id);
        shop.price(id, "de");
        shop.currencies();

        assertThat(keys()).contains("shop:products:" + id, "shop:prices:" + id + ":de", "shop:currencies:NO_ARGUMENTS");
    }

    @Test
    void cacheable_valueThatCannotBeWritten_isServedAndKeptInThisProcessOnly(CapturedOutput output) {
        assertThat(shop.unwritable(1)).isSameAs(shop.unwritable(1));
        assertThat(shop.unwritable(2)).isNotNull();
        assertThat(otherShop.unwritable(1)).isNotNull();

        assertThat(STATE.calls).hasValue(3);
        // A lease is given back without waiting.
        await().untilAsserted(() -> assertThat(keys()).noneMatch(key -> key.contains("unwritable")));
        assertThat(cache("unwritable").stats().unstorable()).isEqualTo(2);
        assertThat(output.toString().split("holds a value that cannot be stored in Redis", -1))
                .as("one warning by each application")
                .hasSize(3);
    }

    @Test
    void cacheManager_cacheOfUnknownType_staysInThisProcess(CapturedOutput output) {
        org.springframework.cache.Cache own =
                CONTEXTS.get(0).getBean(CacheManager.class).getCache("by-hand");
        assertThat(own).isNotNull();
        own.put("a", product("tea"));

        assertThat(own.get("a", Product.class)).isEqualTo(product("tea"));
        assertThat(CONTEXTS.get(1).getBean(CacheManager.class).getCache("by-hand"))
                .isNotNull()
                .satisfies(other -> assertThat(other.get("a")).isNull());
        assertThat(output)
                .contains(
                        "The values of cache 'by-hand' stay in this process, because no @Cacheable or @CachePut method"
                                + " says their type. Make the cache with CacheRegistry.newCache(\"by-hand\", <type of its"
                                + " values>), and they are shared through Redis.");
    }

    @Test
    void cacheable_typeThatDoesNotSayEnough_staysInThisProcess() {
        assertThat(shop.anything(id)).isEqualTo(product("tea"));
        assertThat(shop.anything(id)).isEqualTo(product("tea"));
        assertThat(otherShop.anything(id)).isEqualTo(product("tea"));

        assertThat(STATE.calls).hasValue(2);
    }

    private static void awaitSeen(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(2)).untilAsserted(assertion);
    }

    private static Cache<?, ?> cache(String name) {
        return CONTEXTS.get(0).getBean(CacheRegistry.class).find(name).orElseThrow();
    }

    private static List<String> keys() {
        List<?> keys = (List<?>) Objects.requireNonNull(redis.server().command("KEYS", "*"));
        return keys.stream().map(Object::toString).toList();
    }

    record Product(long id, String name, List<String> labels) {}

    /** Contains itself, so it cannot be written as JSON. */
    static final class Unwritable {

        public Unwritable getSelf() {
            return this;
        }
    }

    static class State {

        final AtomicInteger calls = new AtomicInteger();
        final Map<Long, Product> products = new ConcurrentHashMap<>();
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
            return new Product(id, name, List.of("hot"));
        }

        @Cacheable("like")
        @CacheTags("product:#{#result.![id]}")
        public List<Product> like(long id) {
            state.calls.incrementAndGet();
            return List.of(Objects.requireNonNull(state.products.get(id)));
        }

        @Cacheable("currencies")
        public List<String> currencies() {
            return List.of("EUR");
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
