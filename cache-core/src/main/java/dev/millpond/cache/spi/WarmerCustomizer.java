package dev.millpond.cache.spi;

import dev.millpond.cache.Warmer;

/** Has a say in how the warmers of a registry work, beside the code that makes them; must be thread-safe. */
@FunctionalInterface
public interface WarmerCustomizer {

    /**
     * Returns what the code of a warmer is given: the builder itself, or one that passes settings on to it.
     *
     * @param cache the name of the cache, which is that of the warmer unless code sets another
     * @param builder has no setting yet, and takes each once
     */
    Warmer.Builder customize(String cache, Warmer.Builder builder);
}
