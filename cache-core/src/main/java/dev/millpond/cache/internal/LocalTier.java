package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The first level: entries of this process, bounded by number or weight.
 *
 * <p>Caffeine only bounds the size. Whether an entry may answer is decided here with one reading of the ticker, which
 * covers time to live, trust in the invalidation log, and validity.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class LocalTier<K, V> {

    private final Cache<K, Entry<V>> entries;
    private final Ticker ticker;
    private final TagTable table;
    private final @Nullable EarlyExpiry early;
    private final CacheSwitch allowed;
    private final boolean enabled;
    private final long timeToLiveNanos;
    private final boolean servesStale;
    private final long unconfirmedNanos;
    private final StatsCounter stats;

    /**
     * Creates an empty level.
     *
     * @param allowed what it may do at the moment
     * @param enabled whether it ever keeps anything
     */
    LocalTier(
            CacheSettings<V> settings,
            CacheSwitch allowed,
            boolean enabled,
            Ticker ticker,
            TagTable table,
            EarlyExpiry early,
            StatsCounter stats) {
        Caffeine<Object, Entry<V>> bounds = bounds(settings.localMaximum(), settings.weigher(), stats);
        this.entries = bounds.build();
        this.ticker = ticker;
        this.table = table;
        this.early = early.isOn() ? early : null;
        this.allowed = allowed;
        this.enabled = enabled;
        this.timeToLiveNanos = settings.localTimeToLive().toNanos();
        this.stats = stats;
        this.servesStale = !settings.serveStaleFor().isZero();
        this.unconfirmedNanos = settings.serveUnconfirmedFor().toNanos();
    }

    /** Returns the answer of this process, or null if it has none that may be given. */
    @Nullable
    Answer<V> lookup(K key) {
        Entry<V> entry = entries.getIfPresent(key);
        if (entry == null || !allowed.usesKey(key)) {
            return null;
        }
        long now = ticker.read();
        if (entry.fresh(now) && table.trusted(now) && table.valid(entry)) {
            return isDue(entry, now) ? entry.localAnswer().asDue() : entry.localAnswer();
        }
        return removedIfDead(key, entry, now) ? null : unconfirmed(entry, now);
    }

    private boolean isDue(Entry<V> entry, long now) {
        return early != null && early.isDue(entry.lifetime().freshUntil() - now);
    }

    private boolean removedIfDead(K key, Entry<V> entry, long now) {
        boolean valid = table.valid(entry);
        if (valid && entry.lifetime().usable(now)) {
            return false;
        }
        if (isTakenAway(key, entry, now) && !valid) {
            stats.foundInvalidated();
        }
        return true;
    }

    /** One with a version stays, and answers no more: whoever loads it anew may find that it was not modified. */
    private boolean isTakenAway(K key, Entry<V> entry, long now) {
        return entry.version() == null
                ? entries.asMap().remove(key, entry)
                : entry.lifetime().usable(now) && entries.asMap().replace(key, entry, entry.ended(now));
    }

    /** Returns the answer of an entry that nobody can say to be valid at the moment, or null if it must give none. */
    private @Nullable Answer<V> unconfirmed(Entry<V> entry, long now) {
        return entry.fresh(now) && table.confirmedWithin(unconfirmedNanos, now) ? Answer.stale(entry, true) : null;
    }

    /** Tells whether this process would answer, without being asked. */
    boolean isFresh(K key) {
        Entry<V> entry = entries.policy().getIfPresentQuietly(key); // nobody has asked for it
        return entry != null && isFresh(entry);
    }

    /** Tells whether an entry of this process would answer. */
    boolean isFresh(Entry<V> entry) {
        long now = ticker.read();
        return entry.fresh(now) && table.trusted(now) && table.valid(entry);
    }

    /** Returns the entry of this process, valid or not, or null if it has none. */
    @Nullable
    Entry<V> held(K key) {
        return entries.getIfPresent(key);
    }

    /**
     * Returns an entry that may answer while its loader fails, or null.
     *
     * <p>It is the one answer that a node still gives when it has lost sight of the log, and only where the application
     * allows stale answers.
     */
    @Nullable
    Entry<V> stale(K key) {
        Entry<V> entry = entries.getIfPresent(key);
        if (entry == null || !servesStale || !allowed.usesKey(key)) {
            return null;
        }
        return isUsable(entry) ? entry : null;
    }

    /** Tells whether an entry, of this process or of Redis, may answer while its loader fails. */
    boolean isUsable(Entry<V> entry) {
        return entry.lifetime().usable(ticker.read()) && table.valid(entry);
    }

    /**
     * Returns the answer past its time to live while another caller loads, or null if there is none that may be given.
     */
    @Nullable
    Answer<V> staleMeanwhile(K key) {
        Entry<V> stale = table.trusted(ticker.read()) ? stale(key) : null;
        return stale == null ? null : Answer.stale(stale, false);
    }

    /** Keeps an entry, unless that is not allowed or the entry was invalidated since its load began. */
    boolean fill(K key, Entry<V> entry) {
        if (!enabled || !table.valid(entry) || !allowed.keepsKey(key)) {
            return false;
        }
        entries.put(key, entry.limited(timeToLiveNanos, ticker.read()));
        return true;
    }

    /** Keeps an entry in the place of what this process has, which must go in any case. */
    void replace(K key, Entry<V> entry) {
        if (!fill(key, entry)) {
            remove(key);
        }
    }

    /** Keeps an entry past its time to live, which may answer while it is loaded anew, unless there is a newer one. */
    void fillStale(K key, Entry<V> stale) {
        if (enabled && servesStale && allowed.keepsKey(key)) {
            entries.asMap().merge(key, stale, (held, found) -> isUsable(held) ? held : found);
        }
    }

    /** Removes what this process has, unless that is valid and of a later moment than another entry. */
    void removeUnlessNewer(K key, Entry<V> than) {
        entries.asMap()
                .computeIfPresent(
                        key,
                        (same, held) -> table.valid(held) && !than.stamp().coversAllOf(held.stamp()) ? held : null);
    }

    void remove(K key) {
        entries.invalidate(key);
    }

    void clear() {
        entries.invalidateAll();
    }

    long size() {
        return entries.estimatedSize();
    }

    private static <V> Caffeine<Object, Entry<V>> bounds(
            long maximum, @Nullable ToIntFunction<? super V> weigher, StatsCounter stats) {
        Caffeine<Object, Entry<V>> bounds = Caffeine.newBuilder()
                .evictionListener(
                        (@Nullable Object key, @Nullable Entry<V> entry, RemovalCause cause) -> stats.evicted());
        return weigher == null
                ? bounds.maximumSize(maximum)
                : bounds.maximumWeight(maximum).weigher((key, entry) -> weigh(entry, weigher));
    }

    private static <V> int weigh(Entry<V> entry, ToIntFunction<? super V> weigher) {
        V value = entry.value();
        return value == null ? 1 : Math.max(1, weigher.applyAsInt(value));
    }
}
