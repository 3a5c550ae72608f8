package dev.millpond.cache.internal;

import dev.millpond.cache.BulkCacheLoader;
import dev.millpond.cache.BulkLoadContext;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.internal.ManyLoader.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The two ways to load many keys: one after the other, or at once. */
final class Loaders {

    private Loaders() {}

    static <K, V> ManyLoader<K, V> oneByOne(Loader<K, V> loader, LocalTier<K, V> local) {
        return new OneByOne<>(loader, local::lookup);
    }

    static <K, V> ManyLoader<K, V> atOnce(BulkCacheLoader.WithContext<K, V> loader) {
        BulkCacheLoader.WithContext<K, V> checked = (keys, contexts) -> Objects.requireNonNull(
                loader.loadAll(keys, contexts),
                "The bulk loader returned null, must return a map. Leave a key out if it has no value.");
        return new AtOnce<>((key, context) -> one(checked, key, context), checked);
    }

    private static <K, V> @Nullable V one(BulkCacheLoader.WithContext<K, V> loader, K key, LoadContext context)
            throws Exception {
        return loader.loadAll(Set.of(key), contexts(Map.of(key, context))).get(key);
    }

    /** Gives the loader what it says about each of its keys. */
    static <K> BulkLoadContext<K> contexts(Map<K, ? extends LoadContext> byKey) {
        return key -> {
            LoadContext context = byKey.get(key);
            if (context == null) {
                throw new IllegalArgumentException(
                        "A bulk loader asked for the context of a key that it is not loading."
                                + " Ask for those of the keys that it was given.");
            }
            return context;
        };
    }

    /**
     * Loads one key after the other.
     *
     * @param local gives what this process has
     */
    private record OneByOne<K, V>(Loader<K, V> one, Function<K, @Nullable Answer<V>> local)
            implements ManyLoader<K, V> {

        @Override
        public boolean atOnce() {
            return false;
        }

        @Override
        public Loaded<V> load(List<Request<K>> requests, Limit limit) {
            List<Entry<V>> entries = new ArrayList<>(requests.size());
            try {
                requests.forEach(request -> entries.add(load(request, limit)));
                return new Loaded<>(entries, null);
            } catch (CacheLoadException e) {
                return new Loaded<>(entries, e);
            }
        }

        @Override
        public ManyLoader<K, V> anew() {
            return new OneByOne<>(one, key -> null);
        }

        /** An earlier one of these loads may have read this key, and loaded it for itself. */
        private Entry<V> load(Request<K> request, Limit limit) {
            Answer<V> loaded = local.apply(request.key());
            return loaded != null
                    ? loaded.entry()
                    : limit.call(List.of(request), attempt -> limit.loads().load(attempt, request, one));
        }
    }

    private record AtOnce<K, V>(Loader<K, V> one, BulkCacheLoader.WithContext<K, V> all) implements ManyLoader<K, V> {

        @Override
        public boolean atOnce() {
            return true;
        }

        @Override
        public Loaded<V> load(List<Request<K>> requests, Limit limit) {
            try {
                return new Loaded<>(
                        limit.call(requests, attempt -> limit.loads().loadAll(attempt, requests, all)), null);
            } catch (CacheLoadException e) {
                return new Loaded<>(List.of(), e);
            }
        }

        @Override
        public ManyLoader<K, V> anew() {
            return this;
        }
    }
}
