package dev.millpond.servlet.internal;

import static dev.millpond.servlet.internal.StructuredFields.secondsRoundedDown;
import static dev.millpond.servlet.internal.StructuredFields.string;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.spi.LookupListener.Lookup;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the caches did for one request; not thread-safe.
 *
 * <p>Per cache it keeps one look-up: the one that went furthest towards the source, among such one that was degraded,
 * and among such the one with the least time to live. So a member of the field says "hit" only if all look-ups of that
 * cache were hits.
 */
final class CacheStatus {

    /* With names of usual length this keeps the field below 3 KB; containers refuse headers above 8 KB in all. */
    private static final int MAX_CACHES = 32;

    private static final Comparator<Lookup> BY_WHAT_IT_TELLS = Comparator.<Lookup>comparingInt(
                    lookup -> distance(lookup.source()))
            .thenComparing(Lookup::degraded)
            .thenComparing(Lookup::timeToLive, Comparator.reverseOrder());

    private final Map<String, Lookup> lookups = new LinkedHashMap<>();
    private int version;

    void add(Lookup lookup) {
        if (lookups.size() < MAX_CACHES || lookups.containsKey(lookup.cache())) {
            lookups.merge(lookup.cache(), lookup, CacheStatus::telling);
            version++;
        }
    }

    /** Returns a number that grows with each look-up; 0 if there was none. */
    int version() {
        return version;
    }

    /** Returns the value of a {@code Cache-Status} field (RFC 9211). */
    String toField() {
        return lookups.values().stream().map(CacheStatus::member).collect(Collectors.joining(", "));
    }

    private static Lookup telling(Lookup one, Lookup other) {
        return BY_WHAT_IT_TELLS.compare(one, other) >= 0 ? one : other;
    }

    private static int distance(Source source) {
        return switch (source) {
            case LOCAL -> 0;
            case REMOTE -> 1;
            case STALE -> 2;
            case LOADER -> 3;
        };
    }

    private static String member(Lookup lookup) {
        String outcome = switch (lookup.source()) {
            case LOCAL, REMOTE -> ";hit" + ttl(lookup);
            case STALE -> (lookup.timeToLive().isNegative() ? ";fwd=stale" : ";hit") + ttl(lookup);
            case LOADER -> ";fwd=miss" + (lookup.joined() ? ";collapsed" : "") + stored(lookup);
        };
        return string(lookup.cache()) + outcome + ";detail=" + lookup.source() + (lookup.degraded() ? "_DEGRADED" : "");
    }

    private static String stored(Lookup lookup) {
        return lookup.stored() ? ";stored" + ttl(lookup) : "";
    }

    private static String ttl(Lookup lookup) {
        return ";ttl=" + secondsRoundedDown(lookup.timeToLive());
    }
}
