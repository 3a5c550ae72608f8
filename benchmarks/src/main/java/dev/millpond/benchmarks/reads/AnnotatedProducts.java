package dev.millpond.benchmarks.reads;

import dev.millpond.benchmarks.peers.Await;
import dev.millpond.benchmarks.peers.Machine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A method with {@code @Cacheable}, called through Spring's proxy. */
final class AnnotatedProducts implements ProductCache {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Products products;

    private AnnotatedProducts(Products products) {
        this.products = products;
    }

    static ProductCache onMillpond(Machine machine, List<String> keys) throws Exception {
        return open(
                machine,
                keys,
                "--millpond.redis.url=" + machine.url(),
                "--millpond.cache.time-to-live=1h",
                "--millpond.cache.local-maximum-size=10000");
    }

    static ProductCache onCaffeine(Machine machine, List<String> keys) throws Exception {
        return open(
                machine,
                keys,
                "--millpond.cache.annotations=false",
                "--spring.cache.type=caffeine",
                "--spring.cache.caffeine.spec=maximumSize=10000,expireAfterWrite=1h");
    }

    private static ProductCache open(Machine machine, List<String> keys, String... properties) throws Exception {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .properties("spring.main.banner-mode=off")
                .run(properties);
        machine.own(context::close);
        Products products = context.getBean(Products.class);
        if (!Await.until(LIMIT, () -> keepsAll(products, keys))) {
            throw new IllegalStateException("A method with @Cacheable was called for each of its keys for 10 s.");
        }
        return new AnnotatedProducts(products);
    }

    private static boolean keepsAll(Products products, List<String> keys) {
        long before = products.loads();
        keys.forEach(products::find);
        return products.loads() == before;
    }

    @Override
    public Product get(String key) {
        return products.find(key);
    }

    @Override
    public long strays() {
        return products.loads();
    }

    /** Nothing but caching. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    static class Application {

        @Bean
        Products products() {
            return new Products();
        }
    }

    /** What is cached. */
    static class Products {

        private final AtomicLong loads = new AtomicLong();

        @Cacheable("products")
        public Product find(String key) {
            loads.incrementAndGet();
            return Product.of(key);
        }

        /** Goes to the method's own object, as the proxy has none of its fields. */
        public long loads() {
            return loads.get();
        }
    }
}
