package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.internal.HeaderFormat.Header;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Makes entries, with their times to live on this node's clocks. */
final class EntryFactory {

    private final CacheSettings<?> settings;
    private final Ticker ticker;
    private final InstantSource clock;
    private final DoubleSupplier random;

    /**
     * Creates a factory.
     *
     * @param random gives numbers from 0 to 1, for the jitter of times to live
     */
    EntryFactory(CacheSettings<?> settings, Ticker ticker, InstantSource clock, DoubleSupplier random) {
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.random = random;
    }

    /** Returns an entry that was loaded just now, by a loader that gave no version. */
    <V> Entry<V> loaded(
            Request<?> request,
            Stamp stamp,
            @Nullable V value,
            Set<String> dependencies,
            @Nullable Duration timeToLive) {
        return loaded(request, stamp, value, dependencies, timeToLive, null);
    }

    /** Returns an entry that was loaded just now, without the version if it was made from other entries. */
    <V> Entry<V> loaded(
            Request<?> request,
            Stamp stamp,
            @Nullable V value,
            Set<String> dependencies,
            @Nullable Duration timeToLive,
            @Nullable SourceVersion version) {
        Set<String> others = new LinkedHashSet<>(dependencies);
        others.removeAll(List.of(request.ownNames()));
        Duration nominal = value == null ? settings.absentTimeToLive() : settings.timeToLive();
        long fresh = jittered(timeToLive == null ? nominal : timeToLive);
        long usable = fresh
                + (value == null || fresh == 0 ? 0 : settings.serveStaleFor().toNanos());
        long now = ticker.read();
        Lifetime lifetime = new Lifetime(clock.millis(), now + fresh, now + usable);
        return new Entry<>(value, namesOf(request, Names.capped(others)), stamp, lifetime, versionOf(others, version));
    }

    /**
     * What a value was made from may have other tags by the next load, and no invalidation need tell of that. A load
     * that reads it learns these, and one that answers early would not.
     */
    private static @Nullable SourceVersion versionOf(Set<String> others, @Nullable SourceVersion given) {
        return others.stream().allMatch(Names::isOfTags) ? given : null;
    }

    /** Reads the clocks of this node. */
    Now now() {
        return new Now(ticker.read(), clock.millis());
    }

    /** Returns an entry that was stored by some node, as this node sees it. */
    <V> Entry<V> stored(Request<?> request, Stamp stamp, EntryFormat.Stored<V> stored, Now now) {
        Header header = stored.header();
        long loadedAt = loadedAt(header.createdAtMillis(), now);
        Lifetime lifetime = new Lifetime(
                header.createdAtMillis(),
                loadedAt + TimeUnit.MILLISECONDS.toNanos(header.freshMillis()),
                loadedAt + TimeUnit.MILLISECONDS.toNanos(header.storedMillis()));
        SourceVersion version = header.version() == null ? null : new SourceVersion(header.version(), stored.payload());
        return new Entry<>(stored.value(), namesOf(request, header.names()), stamp, lifetime, version);
    }

    /**
     * Returns what is stored about an entry that was loaded on this node; its times count from the load, like the age
     * that every reader takes from them.
     */
    Header header(Entry<?> entry) {
        SourceVersion version = entry.version();
        Lifetime lifetime = entry.lifetime();
        long loadedAt = loadedAt(lifetime.createdAtMillis(), now());
        return new Header(
                lifetime.createdAtMillis(),
                millis(lifetime.freshUntil() - loadedAt),
                millis(lifetime.usableUntil() - loadedAt),
                entry.stamp().sequence(),
                entry.stamp().epoch().id,
                List.of(entry.names()).subList(Names.OWN, entry.names().length),
                version == null ? null : version.text());
    }

    /** Returns how long Redis keeps an entry. */
    Duration storageTime(Entry<?> entry) {
        long nanos = entry.lifetime().usableUntil() - ticker.read();
        return Duration.ofMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }

    /** Returns on the ticker when an entry was loaded. */
    private static long loadedAt(long createdAtMillis, Now now) {
        return now.ticker() - TimeUnit.MILLISECONDS.toNanos(Math.max(0, now.millis() - createdAtMillis));
    }

    private long jittered(Duration timeToLive) {
        double factor = 1 + settings.jitter() * (2 * random.getAsDouble() - 1);
        return timeToLive.isZero() ? 0 : Math.max(1, (long) (timeToLive.toNanos() * factor));
    }

    private static long millis(long nanos) {
        return Math.min(HeaderFormat.MAXIMUM_MILLIS, TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos)));
    }

    private static String[] namesOf(Request<?> request, Collection<String> others) {
        if (others.isEmpty()) {
            return request.ownNames();
        }
        Set<String> names = new LinkedHashSet<>(List.of(request.ownNames()));
        names.addAll(others);
        return names.toArray(new String[0]);
    }
}
