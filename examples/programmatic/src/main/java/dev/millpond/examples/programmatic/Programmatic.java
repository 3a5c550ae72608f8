package dev.millpond.examples.programmatic;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/** Shows a cache that depends on another, invalidation by key and by tag, and a rate limit. */
public final class Programmatic {

    record Product(long id, String name, long categoryId) {}

    private Programmatic() {}

    /** Runs both parts. */
    public static void main(String[] arguments) {
        cache(System.out);
        limit(System.out);
    }

    private static void cache(PrintStream out) {
        try (CacheRegistry caches = CacheRegistry.builder().namespace("shop").build()) {
            LoadingCache<Long, Product> products = caches.newCache("products", Product.class)
                    .timeToLive(Duration.ofMinutes(10))
                    .build((id, load) -> {
                        load.tag(Tag.of("category", id % 2));
                        return new Product(id, "Product " + id, id % 2);
                    });
            // Reading a product while the label is loaded makes the label depend on it.
            LoadingCache<Long, String> labels = caches.newCache("labels", String.class)
                    .build(id -> products.get(id).name() + " in category "
                            + products.get(id).categoryId());

            out.println(labels.get(7L) + ": " + labels.lookup(7L).source());
            products.invalidate(7L);
            out.println(
                    "after its product was invalidated: " + labels.lookup(7L).source());
            caches.invalidate(Tag.of("category", 1));
            out.println(
                    "after its category was invalidated: " + labels.lookup(7L).source());
        }
    }

    private static void limit(PrintStream out) {
        try (RateLimiter limiter = RateLimiter.builder()
                .tierOf(key -> key.equals("key-42") ? Optional.of(Tier.FREE) : Optional.empty())
                .build()) {
            for (int request = 1; request <= 13; request++) {
                RateLimitDecision decision = limiter.tryAcquire("key-42");
                out.println(request + ": " + decision.outcome() + ", " + decision.remaining() + " left");
            }
        }
    }
}
