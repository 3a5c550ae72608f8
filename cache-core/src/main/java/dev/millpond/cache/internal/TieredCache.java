package dev.millpond.cache.internal;

import dev.millpond.cache.Batch;
import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheLoader;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.HotKeys;
import dev.millpond.runtime.spi.NetworkThreads;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cache in two levels; {@link #read} is the path of every look-up.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
class TieredCache<K, V> implements Cache<K, V> {

    /** More would push what other nodes have still to learn out of a log that has room for a few times as many. */
    static final int MOST_KEYS = 10_000;

    final CacheParts<K, V> parts;
    final LocalTier<K, V> local;
    final RemoteTier<V> remote;
    final KeyRead<K, V> beyond;

    TieredCache(CacheParts<K, V> parts) {
        this.parts = parts;
        this.local = parts.local();
        this.remote = parts.remote();
        this.beyond = new KeyRead<>(parts);
    }

    /**
     * Answers one look-up: from this process, else one caller per key asks Redis, else one caller in the fleet loads.
     */
    final Answer<V> read(K key, Loader<? super K, ? extends V> loader) {
        Answer<V> hit = local.lookup(key);
        if (hit != null) {
            return answered(key, hit, loader);
        }
        Request<K> request = parts.requestFor(key);
        Miss miss = new Miss(loader);
        Answer<V> answer = parts.allowed().uses(request) ? parts.share(request, miss) : parts.beside(request, miss);
        return answered(key, answer, loader);
    }

    final Answer<V> answered(K key, Answer<V> answer, Loader<? super K, ? extends V> loader) {
        if (answer.due() && parts.allowed().keepsKey(key)) {
            refreshAhead(key, answer.entry(), loader);
        }
        return parts.answered(key, answer);
    }

    /** Loads an entry anew in the background, if the reader's loader is that of this cache. */
    void refreshAhead(K key, Entry<V> seen, Loader<? super K, ? extends V> loader) {}

    @Override
    public final String name() {
        return parts.settings().name();
    }

    @Override
    public final V get(K key, CacheLoader<? super K, ? extends V> loader) {
        return required(read(key, (k, context) -> loader.load(k)));
    }

    @Override
    public final Optional<V> find(K key, CacheLoader.WithContext<? super K, ? extends V> loader) {
        return optional(read(key, loader::load));
    }

    @Override
    public final CacheResult<V> lookup(K key, CacheLoader.WithContext<? super K, ? extends V> loader) {
        return parts.resultOf(read(key, loader::load));
    }

    @Override
    public final Optional<CacheResult<V>> getIfPresent(K key) {
        Answer<V> hit = local.lookup(key);
        if (hit == null) {
            Request<K> request = parts.requestFor(key);
            Found<V> found = remote.lookup(request);
            hit = found.isHit() ? beyond.answer(request, found) : parts.missed(request);
        }
        return Optional.ofNullable(hit).map(answer -> parts.resultOf(parts.answered(key, answer)));
    }

    @Override
    public final void put(K key, V value) {
        requireValue(value);
        Request<K> request = parts.requestFor(key);
        Stamp stamp = parts.appendPut(Names.changesOfEntry(name(), request.text()));
        Entry<V> entry = parts.entries().loaded(request, stamp, value, Set.of(), null);
        remote.put(request, entry);
        local.replace(key, entry);
        parts.stats().put();
    }

    final void requireValue(@Nullable V value) {
        Objects.requireNonNull(
                value,
                () -> "Cache '" + name() + "': the value to put is null. Use invalidate(key) to" + " remove an entry.");
    }

    @Override
    public final void putAll(Map<? extends K, ? extends V> values) {
        // All of them first: what can be no entry is refused before anything is put.
        values.forEach((key, value) -> {
            requireValue(value);
            parts.requestFor(key);
        });
        batch().putAll(values.entrySet().stream());
    }

    @Override
    public Batch<K, V> batch() {
        return new TieredBatch<>(this, BatchSettings.of(name()));
    }

    @Override
    public final void invalidate(K key) {
        invalidateAll(List.of(key));
    }

    @Override
    public final void invalidateAll(Collection<? extends K> keys) {
        // All of them first: what can be no key is refused before anything is invalidated.
        List<String> texts = keys.stream().map(parts::textOf).distinct().toList();
        if (texts.size() > MOST_KEYS) {
            invalidateAll();
        } else if (!texts.isEmpty()) {
            invalidateEach(keys, texts);
        }
    }

    final void invalidateEach(Collection<? extends K> keys, List<String> texts) {
        CompletionStage<?> removed = remote.remove(texts);
        parts.append(Names.changesOfEntries(name(), texts));
        keys.forEach(local::remove);
        parts.stats().invalidated();
        NetworkThreads.awaitElsewhere(removed);
    }

    @Override
    public final void invalidateAll() {
        parts.append(Names.changesOfCache(name()));
        local.clear();
        parts.stats().invalidated();
    }

    @Override
    public final HotKeys<K> hotKeys() {
        HotKeyMemory<K> memory = parts.hotKeys();
        return memory == null
                ? new TypedHotKeys<>(parts.keyText(), 0, List::of)
                : new TypedHotKeys<>(parts.keyText(), memory.maximum(), memory::mostRead);
    }

    @Override
    public final CacheStats stats() {
        return parts.stats().snapshot();
    }

    @Override
    public final long localSize() {
        return local.size();
    }

    /**
     * Returns what this process and Redis have of an entry, valid or not, the former alone if a read would answer with
     * that: one that would go on to Redis may have found other tags there.
     */
    final List<Entry<V>> known(Request<K> request) {
        Entry<V> held = local.held(request.key());
        if (held != null && local.isFresh(held)) {
            return List.of(held);
        }
        return Stream.of(held, remote.known(request).entry())
                .filter(Objects::nonNull)
                .toList();
    }

    final V required(Answer<V> answer) {
        V value = answer.entry().value();
        if (value == null) {
            throw new NoSuchElementException("Cache '" + name()
                    + "' has no value for the key: its loader answered that there is none. Use find(...) where that is"
                    + " expected.");
        }
        return value;
    }

    static <V> Optional<V> optional(Answer<V> answer) {
        @Nullable V value = answer.entry().value();
        return Optional.ofNullable(value);
    }

    /** One caller's read of what this process does not have. */
    private final class Miss implements SingleFlight.Read<K, V> {

        private final Loader<? super K, ? extends V> loader;

        private Miss(Loader<? super K, ? extends V> loader) {
            this.loader = loader;
        }

        /** The first look was before this caller became the one to read on: another one may have landed in between. */
        @Override
        public Answer<V> now(Request<K> attempt, @Nullable Flight<V> flight) {
            Answer<V> landed = local.lookup(attempt.key());
            return landed != null ? landed : beyond.readThrough(attempt, flight, loader);
        }

        @Override
        public Answer<V> now(Request<K> attempt) {
            return now(attempt, null);
        }

        /** Without a look at Redis, where the other caller may have the lease. */
        @Override
        public Answer<V> beside(Request<K> attempt) {
            return beyond.load(
                    attempt,
                    Found.of(Found.Kind.NOT_ASKED),
                    replacing -> parts.loads().load(replacing, loader));
        }

        @Override
        public @Nullable Answer<V> meanwhile(Request<K> attempt, Flight<V> flight) {
            Answer<V> fresh = flight.ahead ? beyond.ifThere(attempt) : null;
            return fresh != null ? fresh : local.staleMeanwhile(attempt.key());
        }
    }
}
