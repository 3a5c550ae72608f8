package dev.millpond.cache.oracle;

import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.InvalidationLog;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How the nodes of a trial are put together: as they are shipped, or with one guarantee taken out.
 *
 * @param name its name in reports
 * @param store wraps the second level
 * @param log wraps the invalidation log
 * @param trustWindow how long after its last confirmation a node answers from what it has
 */
record Variant(String name, UnaryOperator<CacheStore> store, UnaryOperator<InvalidationLog> log, Duration trustWindow) {

    /** The default of a registry, which the oracle holds it to. */
    static final Duration BOUND = Duration.ofSeconds(2);

    static final Variant AS_SHIPPED =
            new Variant("as shipped", UnaryOperator.identity(), UnaryOperator.identity(), BOUND);
}
