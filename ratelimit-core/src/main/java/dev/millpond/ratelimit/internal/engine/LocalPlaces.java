package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Places for requests in flight, kept in this process: for each bucket until when each permit has one; thread-safe. */
final class LocalPlaces {

    /** No timeout is longer. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final Ticker ticker;
    private final Cache<String, Map<Permit, Long>> held;

    /**
     * Creates no places yet.
     *
     * @param most buckets of which places are kept; beyond, those used least are forgotten, that is, become free
     */
    LocalPlaces(Ticker ticker, long most) {
        this.ticker = ticker;
        this.held = Caffeine.newBuilder()
                .maximumSize(most)
                .ticker(ticker)
                .expireAfterAccess(KEPT)
                .build();
    }

    Optional<Permit> enter(String bucket, InFlightLimit limit) {
        Permit permit = new LocalPermit(bucket);
        Map<Permit, Long> places = held.asMap().compute(bucket, (name, present) -> {
            Map<Permit, Long> now = present == null ? new ConcurrentHashMap<>() : present;
            enter(now, permit, limit);
            return now;
        });
        return places.containsKey(permit) ? Optional.of(permit) : Optional.empty();
    }

    private void enter(Map<Permit, Long> places, Permit permit, InFlightLimit limit) {
        long now = ticker.read();
        if (places.size() >= limit.most()) {
            places.values().removeIf(until -> until - now <= 0);
        }
        if (places.size() < limit.most()) {
            places.put(permit, now + limit.timeout().toNanos());
        }
    }

    boolean allTaken(String bucket, InFlightLimit limit) {
        Map<Permit, Long> places = held.getIfPresent(bucket);
        long now = ticker.read();
        return places != null
                && places.values().stream().filter(until -> until - now > 0).count() >= limit.most();
    }

    private void leave(String bucket, Permit permit) {
        held.asMap().computeIfPresent(bucket, (name, places) -> {
            places.remove(permit);
            return places.isEmpty() ? null : places;
        });
    }

    void forgetAll() {
        held.invalidateAll();
    }

    /** One place. */
    private final class LocalPermit implements Permit {

        private final String bucket;

        private LocalPermit(String bucket) {
            this.bucket = bucket;
        }

        @Override
        public void release() {
            leave(bucket, this);
        }
    }
}
