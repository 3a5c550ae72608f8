package dev.millpond.cache.internal;

import dev.millpond.cache.Cache;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.Tag;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One running load: collects what its value depends on.
 *
 * <p>The scope is bound to the thread while the loader runs, so that a read of another cache inside it is recorded as a
 * dependency, tags included. That makes cascades transitive without any walk: a value carries all that it was made
 * from.
 */
final class LoadScope implements LoadContext {

    private static final ThreadLocal<@Nullable LoadScope> CURRENT = new ThreadLocal<>();

    private final @Nullable LoadScope outer;
    private final @Nullable LoadScope whole;
    private final String cache;
    private final TagTable table;
    private final Stamp stamp;
    private final Set<String> loading;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Revision revision;
    private final Queue<LoadScope> parts = new ConcurrentLinkedQueue<>();
    private @Nullable Duration timeToLive;
    private boolean overtaken;

    private LoadScope(
            @Nullable LoadScope outer,
            @Nullable LoadScope whole,
            String cache,
            TagTable table,
            Stamp stamp,
            Set<String> loading) {
        this.outer = outer;
        this.whole = whole;
        this.cache = cache;
        this.table = table;
        this.stamp = stamp;
        this.loading = loading;
        this.revision = new Revision(cache);
    }

    /**
     * Begins a load on the calling thread.
     *
     * @param cache the name of the cache that loads
     * @param table the invalidations of its registry
     * @param stamp what was known of them when the load began
     * @param loading the names of the entries that are loaded
     */
    static LoadScope open(String cache, TagTable table, Stamp stamp, Set<String> loading) {
        LoadScope scope = new LoadScope(CURRENT.get(), null, cache, table, stamp, loading);
        CURRENT.set(scope);
        return scope;
    }

    /** Runs a load on the calling thread as a part of one on another thread, if there is one. */
    static void runWithin(@Nullable LoadScope outer, Runnable load) {
        CURRENT.set(outer);
        try {
            load.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** Returns the innermost load on the calling thread, or null if it is not inside a loader. */
    static @Nullable LoadScope current() {
        return CURRENT.get();
    }

    /** Tells whether the calling thread is inside a loader. */
    static boolean active() {
        return CURRENT.get() != null;
    }

    /** Makes the load that runs on the calling thread, if any, depend on an entry. */
    static void record(Entry<?> entry) {
        LoadScope scope = CURRENT.get();
        if (scope != null) {
            Collections.addAll(scope.names, entry.names());
        }
    }

    /** Makes the load that runs on the calling thread, if any, depend on what has these names. */
    static void record(Collection<String> names) {
        LoadScope scope = CURRENT.get();
        if (scope != null) {
            scope.names.addAll(names);
        }
    }

    /** Tells whether the calling thread is inside a load of the entry with this name in this registry. */
    static boolean loading(TagTable table, String name) {
        LoadScope scope = CURRENT.get();
        return scope != null && scope.isLoading(table, name);
    }

    /** Tells whether this load, or one that it is a part of, is of the entry with this name in this registry. */
    boolean isLoading(TagTable registry, String name) {
        for (LoadScope scope = this; scope != null; scope = scope.outer) {
            if (scope.table == registry && scope.loading.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** Ends the load on the calling thread. */
    void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    Stamp stamp() {
        return stamp;
    }

    Revision revision() {
        return revision;
    }

    Set<String> names() {
        if (whole == null) {
            return names;
        }
        Set<String> all = new HashSet<>(whole.names);
        all.addAll(names);
        return all;
    }

    /** Returns the names that are in the values of this load, whichever; also while they are still being given. */
    Set<String> namesOfAll() {
        Set<String> all = new HashSet<>(names());
        parts.forEach(part -> all.addAll(part.names));
        return all;
    }

    /** Returns what is said about one of the values of this load, which depends also on what they all do. */
    LoadScope partOf(Request<?> request) {
        LoadScope part = new LoadScope(outer, this, cache, table, stamp, loading);
        part.revision.follow(request.last());
        parts.add(part);
        return part;
    }

    /** Returns how many of its values are those that the cache still had. */
    long unmodified() {
        return Stream.concat(Stream.of(this), parts.stream())
                .filter(each -> each.revision.isNotModified())
                .count();
    }

    /** Returns the time to live that the loader gave, if any, and zero if the value must not be kept. */
    @Nullable
    Duration timeToLive() {
        return overtaken ? Duration.ZERO : timeToLive;
    }

    @Override
    public LoadContext tag(Tag... tags) {
        for (Tag tag : tags) {
            names.add(Names.tag(tag));
        }
        return this;
    }

    @Override
    public <K> LoadContext dependsOn(Cache<K, ?> cache, K key) {
        if (!(cache instanceof TieredCache<K, ?> tiered)) {
            throw new IllegalArgumentException(
                    "Cache '" + cache.name()
                            + "' was not made by a CacheRegistry, so nothing can depend on it. Use a cache of the same registry.");
        }
        if (tiered.parts.registry().table() != table) {
            throw new IllegalArgumentException("Cache '" + this.cache + "' cannot depend on cache '" + cache.name()
                    + "' of another CacheRegistry, whose invalidations it is not told of. Make both caches with the same"
                    + " registry.");
        }
        Request<K> request = tiered.parts.requestOf(key);
        Collections.addAll(names, request.ownNames());
        tiered.known(request).forEach(this::dependOn);
        return this;
    }

    /**
     * An entry that was loaded after an invalidation which this load does not know of may have taken the place of what
     * the loader has read, whose names are gone.
     */
    private void dependOn(Entry<?> entry) {
        Collections.addAll(names, entry.names());
        overtaken |= table.valid(entry) && !stamp.coversAllOf(entry.stamp());
    }

    @Override
    public Optional<String> lastVersion() {
        return Optional.ofNullable(revision.last());
    }

    @Override
    public LoadContext version(String version) {
        revision.give(version);
        return this;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // The cache that has the entry is the one that loads.
    public <V> @Nullable V notModified() {
        Entry<?> last = revision.takeLast();
        Collections.addAll(names, last.names());
        return (V) last.value();
    }

    @Override
    public LoadContext timeToLive(Duration timeToLive) {
        this.timeToLive = Checks.notNegative("Time to live given by the loader", timeToLive);
        return this;
    }
}
