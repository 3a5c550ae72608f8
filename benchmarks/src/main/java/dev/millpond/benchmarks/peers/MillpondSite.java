package dev.millpond.benchmarks.peers;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where one cache of Millpond is made on one node.
 *
 * @param registry the node's registry
 * @param name the name of the cache
 * @param source where values come from
 */
record MillpondSite(CacheRegistry registry, String name, Source source) {

    /** The name of the tag that entries carry, with their key as its value. */
    static final String TAG = "race";

    /** Ends the keys that are only asked for so that a bulk read has more than one. */
    static final String COMPANION = "-companion";

    CacheBuilder<String> builder() {
        return registry.newCache(name, String.class);
    }

    LoadingCache<String, String> loading() {
        return loading(builder());
    }

    LoadingCache<String, String> loading(CacheBuilder<String> builder) {
        return builder.build((String key, LoadContext load) -> {
            load.tag(Tag.of(TAG, key));
            return source.load(key);
        });
    }

    /** The companion of a key costs nothing, so that a bulk load takes as long as a single one. */
    LoadingCache<String, String> bulkLoading() {
        return builder()
                .buildBulk((Set<String> keys) ->
                        keys.stream().collect(Collectors.toMap(Function.identity(), this::loadUnlessCompanion)));
    }

    private String loadUnlessCompanion(String key) {
        return key.endsWith(COMPANION) ? key : source.load(key);
    }

    MillpondNode node(LoadingCache<String, String> cache) {
        LoadingCache<String, String> marks =
                registry.newCache(name + "-marks", String.class).build((String key) -> key);
        return new MillpondNode(cache::get, cache::get, cache::invalidate, new MillpondFence(marks));
    }
}
