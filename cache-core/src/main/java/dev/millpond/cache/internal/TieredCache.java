package dev.millpond.cache.internal;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheLoader;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.RemoteTier.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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

    TieredCache(CacheParts<K, V> parts) {
        this.parts = parts;
        this.local = parts.local();
        this.remote = parts.remote();
    }

    /**
     * Answers one look-up: from this process, else one caller per key asks Redis, else one caller in the fleet loads.
     */
    final Answer<V> read(K key, Loader<? super K, ? extends V> loader) {
        Answer<V> hit = local.lookup(key);
        if (hit != null) {
            return parts.answered(hit);
        }
        Request<K> request = parts.requestFor(key);
        Miss miss = new Miss(loader);
        return parts.answered(parts.settings().enabled() ? parts.share(request, miss) : miss.beside(request));
    }

    final Answer<V> readThrough(Request<K> request, Loader<? super K, ? extends V> loader) {
        Found<V> found = remote.lookup(request);
        CacheLoadException failure = recentFailure(request, found);
        return failure == null
                ? loadInTurn(request, awaited(request, found), loader)
                : staleOr(request, found, failure);
    }

    /** Returns the failure of an earlier load of what would have to be loaded, while that is not to be tried again. */
    final @Nullable CacheLoadException recentFailure(Request<K> request, Found<V> found) {
        return found.isAnswer() ? null : parts.failures().recent(request, staleInsteadOf(request, found) != null);
    }

    private Answer<V> loadInTurn(Request<K> request, Found<V> found, Loader<? super K, ? extends V> loader) {
        if (found.isAnswer()) {
            return answer(request, found);
        }
        Duration patience = staleInsteadOf(request, found) == null ? parts.patience() : Duration.ZERO;
        try (Permit permit = permit(found, patience)) {
            if (permit == null) {
                return staleOr(request, found, parts.bulkhead().refusal(patience));
            }
            Found<V> lease = remote.lease(request, found);
            return lease.isAnswer() ? answer(request, lease) : load(request, lease, loader);
        }
    }

    /** Returns what there is when another node has loaded, which needs no permit. */
    final Found<V> awaited(Request<K> request, Found<V> found) {
        return found.isLeasedElsewhere() ? remote.lease(request, found) : found;
    }

    /** Returns the permit to load, or null; whoever has a lease already does not wait. */
    final @Nullable Permit permit(Found<V> found, Duration patience) {
        return found.isMine()
                ? parts.bulkhead().enterOrPass()
                : parts.bulkhead().enter(patience);
    }

    /** Answers with what Redis has, which may be past its time to live while another node loads. */
    final Answer<V> answer(Request<K> request, Found<V> found) {
        return found.isHit()
                ? fill(request, found.require())
                : new Answer<>(found.require(), Source.STALE, true, false);
    }

    final Answer<V> load(Request<K> request, Found<V> lease, Loader<? super K, ? extends V> loader) {
        try {
            return loadAndKeep(request, lease, loader);
        } catch (CacheLoadException e) {
            return staleOr(request, lease, e);
        }
    }

    final Answer<V> loadAndKeep(Request<K> request, Found<V> lease, Loader<? super K, ? extends V> loader) {
        boolean kept = false;
        long begunAt = parts.registry().ticker().read();
        try {
            Entry<V> loaded = parts.loads().load(request, loader);
            if (!loaded.lifetime().fresh(parts.registry().ticker().read())) {
                return new Answer<>(loaded, Source.LOADER, false, false);
            }
            Outcome outcome = remote.store(request, lease, loaded);
            kept = true;
            return keep(request, loaded, parts.outcomeOf(outcome, begunAt));
        } finally {
            if (!kept) {
                remote.release(request, lease);
            }
        }
    }

    /** Keeps what Redis had in this process. */
    private Answer<V> fill(Request<K> request, Entry<V> entry) {
        local.fill(request.key(), entry);
        return new Answer<>(entry, Source.REMOTE, true, false);
    }

    /** Keeps a loaded entry in this process, unless Redis has refused it. */
    final Answer<V> keep(Request<K> request, Entry<V> loaded, Outcome outcome) {
        boolean stored = outcome != Outcome.REJECTED && local.fill(request.key(), loaded);
        return new Answer<>(loaded, Source.LOADER, stored, false);
    }

    /** Returns an answer past its time to live in place of a failed load, or throws the failure. */
    final Answer<V> staleOr(Request<K> request, Found<V> lease, CacheLoadException failure) {
        Entry<V> stale = staleInsteadOf(request, lease);
        if (stale == null) {
            throw failure;
        }
        return new Answer<>(stale, Source.STALE, true, false);
    }

    /** Returns an entry past its time to live that may answer in the place of a load, or null. */
    final @Nullable Entry<V> staleInsteadOf(Request<K> request, Found<V> found) {
        Entry<V> stale = local.stale(request.key());
        Entry<V> usable = stale != null ? stale : found.entry();
        return usable == null || !parts.registry().table().valid(usable) ? null : usable;
    }

    @Override
    public final String name() {
        return parts.settings().name();
    }

    @Override
    public final V get(K key, CacheLoader<? super K, ? extends V> loader) {
        return required(read(key, (k, context) -> loader.load(k)));
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
            hit = found.isHit() ? answer(request, found) : parts.missed(request);
        }
        return Optional.ofNullable(hit).map(parts::answered).map(parts::resultOf);
    }

    @Override
    public final void put(K key, V value) {
        Objects.requireNonNull(
                value,
                () -> "Cache '" + name() + "': the value to put is null. Use invalidate(key) to" + " remove an entry.");
        Request<K> request = parts.requestFor(key);
        Stamp stamp = parts.append(Names.changesOfEntry(name(), request.text()));
        Entry<V> entry = parts.entries().loaded(request, stamp, value, Set.of(), null);
        remote.put(request, entry);
        local.fill(key, entry);
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

    private void invalidateEach(Collection<? extends K> keys, List<String> texts) {
        Set<String> names = new LinkedHashSet<>();
        texts.forEach(text -> names.addAll(Names.changesOfEntry(name(), text)));
        CompletionStage<?> removed = remote.remove(texts);
        parts.append(names);
        keys.forEach(local::remove);
        parts.stats().invalidated();
        removed.toCompletableFuture().join();
    }

    @Override
    public final void invalidateAll() {
        parts.append(Names.changesOfCache(name()));
        local.clear();
        parts.stats().invalidated();
    }

    @Override
    public final CacheStats stats() {
        return parts.stats().snapshot();
    }

    @Override
    public final long localSize() {
        return local.size();
    }

    /** Returns what this process and Redis have of an entry, valid or not, the former alone if that will do. */
    final List<Entry<V>> known(Request<K> request) {
        Entry<V> held = local.held(request.key());
        if (held != null && parts.registry().table().valid(held)) {
            return List.of(held);
        }
        return Stream.of(held, remote.lookup(request).entry())
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
        public Answer<V> now(Request<K> attempt) {
            Answer<V> landed = local.lookup(attempt.key());
            return landed != null ? landed : readThrough(attempt, loader);
        }

        /** Without a look at Redis, where the other caller may have the lease. */
        @Override
        public Answer<V> beside(Request<K> attempt) {
            return load(attempt, Found.of(Found.Kind.AWAY), loader);
        }

        @Override
        public @Nullable Answer<V> meanwhile(Request<K> attempt) {
            return local.staleMeanwhile(attempt.key());
        }
    }
}
