package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.internal.Found.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns entries into stored bytes, and stored bytes into what they mean to a reader of this node.
 *
 * @param <V> the type of values
 */
final class EntryCodec<V> {

    private static final Logger log = LoggerFactory.getLogger(EntryCodec.class);

    private static final long MOST_LEASE_TIMES_LEFT = 2;

    private final String cache;
    private final EntryFormat<V> format;
    private final EntryFactory entries;
    private final long leaseMillis;
    private final TagTable table;
    private final Token.Source tokens;
    private final InstantSource clock;
    private final Ticker ticker;
    private final StatsCounter stats;
    private final AtomicBoolean warned = new AtomicBoolean();
    private final AtomicBoolean warnedOfUnreadable = new AtomicBoolean();
    private volatile boolean readBack;

    /**
     * Creates a codec.
     *
     * @param leaseTime how long this node leaves an entry to whoever loads it anew
     */
    EntryCodec(
            String cache,
            EntryFormat<V> format,
            EntryFactory entries,
            Duration leaseTime,
            RegistryParts registry,
            StatsCounter stats) {
        this.cache = cache;
        this.format = format;
        this.leaseMillis = leaseTime.toMillis();
        this.entries = entries;
        this.table = registry.table();
        this.tokens = registry.tokens();
        this.clock = registry.clock();
        this.ticker = registry.ticker();
        this.stats = stats;
    }

    /** Tells whether this node knows enough of invalidations to judge what is stored. */
    boolean trusted() {
        return table.trusted(ticker.read());
    }

    byte[] newLease() {
        return tokens.next().lease();
    }

    /** Returns the beginning of a value that this node loads anew, and that the others leave to it for a lease time. */
    byte[] newRefresh() {
        return tokens.refresh(clock.millis() + leaseMillis);
    }

    /** Returns the beginning of a value that nobody loads anew. */
    byte[] newValuePrefix() {
        return tokens.next().valuePrefix();
    }

    Duration storageTime(Entry<V> entry) {
        return entries.storageTime(entry);
    }

    /** Returns the stored form of an entry, or null if it cannot be stored; that is counted, and warned of once. */
    byte @Nullable [] encode(Entry<V> entry) {
        try {
            byte[] bytes = format.write(tokens.next(), entries.header(entry), entry.value());
            if (!readBack) {
                // What can be written may still be unreadable, and then other nodes would load it each time.
                format.read(bytes);
                readBack = true;
            }
            stats.written(bytes.length);
            return bytes;
        } catch (IOException | RuntimeException e) {
            stats.unstorable();
            if (warned.compareAndSet(false, true)) {
                log.warn(
                        "Cache '{}' holds a value that cannot be stored in Redis; such values are served and kept in this"
                                + " process only. Further ones are only counted.",
                        cache,
                        e);
            }
            return null;
        }
    }

    /**
     * Returns a new header for what Redis has, if its payload is that of an entry and stays where it is; else null.
     *
     * @param stored what Redis has, as it was read; null if that is no entry
     */
    byte @Nullable [] encodeHeader(@Nullable Entry<V> stored, Entry<V> entry) {
        StoredPayload payload = entry.payload();
        if (payload == null || stored == null || stored.payload() != payload) {
            return null;
        }
        byte[] header = format.writeHeader(tokens.next(), entries.header(entry), payload);
        if (header.length != payload.offset()) {
            return null;
        }
        stats.written(header.length);
        return header;
    }

    List<Found<V>> found(List<? extends Request<?>> requests, List<byte @Nullable []> stored) {
        Now now = entries.now();
        List<Found<V>> found = new ArrayList<>(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            found.add(found(requests.get(i), stored.get(i), now));
        }
        return found;
    }

    /** Returns what the answer to a request for a lease means. */
    Found<V> leased(Request<?> request, byte @Nullable [] stored, byte[] lease) {
        return stored == null ? Found.of(Kind.MINE, lease) : found(request, stored);
    }

    /** Returns what stored bytes mean. */
    Found<V> found(Request<?> request, byte @Nullable [] stored) {
        return found(request, stored, entries.now());
    }

    private Found<V> found(Request<?> request, byte @Nullable [] stored, Now now) {
        if (stored == null) {
            return Found.of(Kind.NOTHING);
        }
        if (Token.isLease(stored)) {
            // One caller of a node at a time is here: a lease of its own is one whose answer was lost.
            return Found.of(tokens.made(stored) ? Kind.INVALID : Kind.LEASED_ELSEWHERE, Token.prefixOf(stored));
        }
        stats.read(stored.length);
        Entry<V> entry = entry(request, stored, now);
        if (entry == null || isOfAnotherEpoch(entry) || isInvalidated(entry)) {
            return new Found<>(Kind.INVALID, entry, Token.prefixOf(stored));
        }
        byte[] prefix = Token.prefixOf(stored);
        if (entry.lifetime().fresh(now.ticker())) {
            return Found.hit(entry, prefix);
        }
        return new Found<>(isRefreshedElsewhere(prefix) ? Kind.REFRESHED_ELSEWHERE : Kind.STALE, entry, prefix);
    }

    private static boolean isOfAnotherEpoch(Entry<?> entry) {
        return entry.stamp().equals(TagTable.OF_ANOTHER_EPOCH);
    }

    private boolean isInvalidated(Entry<V> entry) {
        boolean invalidated = !table.valid(entry);
        if (invalidated) {
            stats.foundInvalidated();
        }
        return invalidated;
    }

    /**
     * Tells whether another node loads the entry with this beginning anew.
     *
     * <p>As with leases, a refresh of this node's own is one whose answer was lost. One that goes on for longer than
     * any clock that is about right would let it comes from a wrong one, and would keep everybody from loading.
     */
    boolean isRefreshedElsewhere(byte[] prefix) {
        if (!Token.isRefresh(prefix) || tokens.made(prefix)) {
            return false;
        }
        long left = Token.refreshUntil(prefix) - clock.millis();
        return left > 0 && left <= MOST_LEASE_TIMES_LEFT * leaseMillis;
    }

    private @Nullable Entry<V> entry(Request<?> request, byte[] stored, Now now) {
        try {
            if (!Token.isValue(stored)) {
                throw new IOException("The stored bytes are neither a value nor a lease.");
            }
            EntryFormat.Stored<V> read = format.read(stored);
            Stamp stamp = table.stamp(read.header().epoch(), read.header().sequence());
            return entries.stored(request, stamp, read, now);
        } catch (IOException e) {
            stats.unreadable();
            if (warnedOfUnreadable.compareAndSet(false, true)) {
                log.warn(
                        "Cache '{}' found bytes in Redis that it cannot read: {} They are replaced; further ones are only"
                                + " counted.",
                        cache,
                        e.getMessage());
            }
            return null;
        }
    }
}
