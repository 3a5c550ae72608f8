package dev.millpond.cache.internal;

import dev.millpond.cache.LoadContext;
import org.jspecify.annotations.Nullable;

/** What all kinds of loaders are to the read path. */
@FunctionalInterface
interface Loader<K, V> {

    @Nullable
    V load(K key, LoadContext context) throws Exception;
}
