package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.cache.spi.LookupListener;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one cache is made of, and the small steps that its operations share.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record CacheParts<K, V>(
        CacheSettings<V> settings,
        RegistryParts registry,
        KeyText keyText,
        OwnNames ownNames,
        CacheSwitch allowed,
        LocalTier<K, V> local,
        RemoteTier<V> remote,
        SingleFlight<K, V> flights,
        Bulkhead bulkhead,
        TimeLimits limits,
        FailedLoads failures,
        EarlyExpiry early,
        Loads loads,
        EntryFactory entries,
        StatsCounter stats,
        @Nullable HotKeyMemory<K> hotKeys) {

    String textOf(K key) {
        return keyText.of(key);
    }

    Request<K> requestOf(K key) {
        String text = textOf(key);
        return new Request<>(key, text, ownNames.ofEntry(text), registry.table().stamp());
    }

    /**
     * Begins a read beyond the first level.
     *
     * @throws IllegalStateException if the calling thread is already loading this very entry
     */
    Request<K> requestFor(K key) {
        Request<K> request = requestOf(key);
        if (LoadScope.loading(registry.table(), request.entryName())) {
            throw new IllegalStateException("Cache '" + settings.name()
                    + "' was asked by its loader for the key that it is loading. A loader must not read its own key.");
        }
        return request;
    }

    /** Loads a key, if that ends before the hard limit. */
    Entry<V> load(Request<K> request, Permit permit, Loader<? super K, ? extends V> loader) {
        LoadAttempt attempt = loads.attempt(List.of(request));
        return limits.call(permit, attempt, () -> loads.load(attempt, request, loader));
    }

    /** Reads a key as the only caller of this process, or shares what another caller reads. */
    Answer<V> share(Request<K> request, SingleFlight.Read<K, V> read) {
        return share(flights, request, read);
    }

    /** Does the same among other flights than those of reads. */
    Answer<V> share(SingleFlight<K, V> others, Request<K> request, SingleFlight.Read<K, V> read) {
        return missedIfItFails(request, () -> others.share(request, read));
    }

    /** Reads a key for one caller alone. */
    Answer<V> beside(Request<K> request, SingleFlight.Read<K, V> read) {
        return missedIfItFails(request, () -> read.beside(request));
    }

    private Answer<V> missedIfItFails(Request<K> request, Supplier<Answer<V>> read) {
        try {
            return read.get();
        } catch (CacheLoadException | IllegalStateException e) {
            missed(request);
            throw e;
        }
    }

    /** Counts a read that found nothing; a load that asked for it depends on what may be there later. */
    @Nullable
    Answer<V> missed(Request<K> request) {
        stats.missed();
        LoadScope.record(List.of(request.ownNames()));
        return null;
    }

    /**
     * Takes a store that came after its lease, or the entry that it claimed, had run out for what it is: late, but not
     * overtaken by anything known.
     */
    RemoteTier.Outcome outcomeOf(RemoteTier.Outcome outcome, Found<V> lease, long begunAt) {
        long now = registry.ticker().read();
        boolean expired = lease.entry() != null && !lease.entry().lifetime().usable(now);
        boolean ranOut = expired || now - begunAt >= settings.leaseTime().toNanos();
        return ranOut && outcome == RemoteTier.Outcome.REJECTED ? RemoteTier.Outcome.LOCAL_ONLY : outcome;
    }

    /** Counts an answer, tells the load that asked for it and the listeners, and passes it on. */
    Answer<V> answered(Answer<V> answer) {
        stats.answered(answer);
        if (LoadScope.active()) {
            LoadScope.record(answer.entry());
        } else if (registry.listeners().present()) {
            registry.listeners().tell(lookupOf(answer));
        }
        return answer;
    }

    /** Does the same with the answer to a read, which counts for its key. */
    Answer<V> answered(K key, Answer<V> answer) {
        if (hotKeys != null) {
            hotKeys.read(key);
        }
        return answered(answer);
    }

    CacheResult<V> resultOf(Answer<V> answer) {
        return new CacheResult<>(
                Optional.ofNullable(answer.entry().value()), answer.source(), ageOf(answer), answer.degraded());
    }

    /** Records an invalidation. */
    void append(Collection<String> names) {
        var unused = registry.append(names);
    }

    /** Records that entries are put, at most {@link InvalidationLog#MOST_NAMES names}, and returns their stamp. */
    Stamp appendPut(Collection<String> names) {
        return registry.appendPut(names);
    }

    private LookupListener.Lookup lookupOf(Answer<V> answer) {
        long freshNanos =
                answer.entry().lifetime().freshHereUntil() - registry.ticker().read();
        return new LookupListener.Lookup(
                settings.name(),
                answer.source(),
                ageOf(answer),
                Duration.ofNanos(freshNanos),
                answer.stored(),
                answer.joined(),
                answer.degraded());
    }

    private Duration ageOf(Answer<V> answer) {
        if (answer.source() == Source.LOADER) {
            return Duration.ZERO;
        }
        long created = answer.entry().lifetime().createdAtMillis();
        return Duration.ofMillis(Math.max(0, registry.clock().millis() - created));
    }
}
