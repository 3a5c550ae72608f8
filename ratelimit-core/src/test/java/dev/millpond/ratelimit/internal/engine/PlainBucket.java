package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimit.Shape;
import dev.millpond.ratelimit.internal.engine.DifferentialWalkIT.Operation;
import dev.millpond.ratelimit.internal.engine.DifferentialWalkIT.Reference;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Level;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the shapes promise, in the plainest arithmetic there is: no Bucket4j, no script, no change of limits.
 *
 * <p>Times are milliseconds; periods must be whole ones.
 */
final class PlainBucket implements Reference {

    private final InstantSource clock;
    private @Nullable List<Held> stored;

    PlainBucket(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public BucketState apply(Operation operation) {
        long now = clock.millis();
        if (operation.name().equals("reset")) {
            stored = null;
        }
        List<Held> bucket = open(operation.limits(), now);
        long least = bucket.stream().mapToLong(Held::tokens).min().orElseThrow();
        boolean taking = operation.name().equals("take");
        boolean admitted = !taking || operation.amount() <= least;
        boolean kept = stored != null;
        switch (operation.name()) {
            case "take" -> bucket.forEach(held -> held.add(admitted ? -operation.amount() : 0));
            case "refund" -> refund(bucket, operation.amount());
            case "grant" -> bucket.forEach(held -> held.add(operation.amount()));
            default -> {}
        }
        boolean written =
                operation.amount() > 0 && admitted && (kept || !operation.name().equals("refund"));
        if (written) {
            stored = bucket;
        }
        return state(written || taking ? bucket : open(operation.limits(), now), operation, admitted, now);
    }

    private List<Held> open(List<RateLimit> limits, long now) {
        List<Held> before = stored;
        List<Held> bucket = before == null
                ? limits.stream().map(limit -> new Held(limit, now)).toList()
                : before.stream().map(Held::new).toList();
        bucket.forEach(held -> held.refill(now));
        return bucket;
    }

    private static void refund(List<Held> bucket, long amount) {
        boolean above = bucket.stream().anyMatch(held -> held.room() < 0);
        long fits = bucket.stream()
                .mapToLong(Held::room)
                .filter(room -> room >= 0)
                .min()
                .orElse(Long.MAX_VALUE);
        for (Held held : bucket) {
            if (above) {
                held.add(Math.min(amount, fits));
            } else if (amount >= held.room()) {
                held.fill();
            } else {
                held.add(amount);
            }
        }
    }

    private static BucketState state(List<Held> bucket, Operation operation, boolean admitted, long now) {
        List<Level> levels = bucket.stream()
                .map(held -> new Level(held.tokens(), held.room() <= 0 ? 0 : nanos(held.millisUntil(1, now))))
                .toList();
        long toAdmit = admitted
                ? 0
                : bucket.stream()
                        .flatMapToLong(held -> LongStream.of(held.millisToAdmit(operation.amount(), now)))
                        .max()
                        .orElseThrow();
        return new BucketState(admitted, levels, nanos(toAdmit));
    }

    private static long nanos(long millis) {
        return millis == Long.MAX_VALUE ? millis : millis * 1_000_000;
    }

    /** What one limit holds, in shares of a token, as many as the period has milliseconds. */
    private static final class Held {

        private final RateLimit limit;
        private final BigInteger period;
        private BigInteger shares;
        private long since;

        private Held(RateLimit limit, long now) {
            this.limit = limit;
            this.period = BigInteger.valueOf(limit.period().toMillis());
            this.since = limit.shape() == Shape.ALIGNED_WINDOW ? now - now % period.longValue() : now;
            this.shares = whole(limit.capacity());
        }

        private Held(Held other) {
            this.limit = other.limit;
            this.period = other.period;
            this.since = other.since;
            this.shares = other.shares;
        }

        private BigInteger whole(long tokens) {
            return period.multiply(BigInteger.valueOf(tokens));
        }

        private void refill(long now) {
            if (limit.shape().refillsEvenly()) {
                long passed = Math.max(0, now - since);
                since += passed;
                if (room() > 0) {
                    shares = shares.add(BigInteger.valueOf(limit.tokens()).multiply(BigInteger.valueOf(passed)))
                            .min(whole(limit.capacity()));
                }
                return;
            }
            while (now >= since + period.longValue()) {
                since += Math.max(1, (now - since) / period.longValue()) * period.longValue();
                shares = shares.max(whole(limit.capacity()));
            }
            if (limit.shape() == Shape.WINDOW && room() <= 0) {
                since = Math.max(since, now);
            }
        }

        private long tokens() {
            return shares.divide(period).longValueExact();
        }

        private long room() {
            return limit.capacity() - tokens();
        }

        private void add(long tokens) {
            shares = shares.add(whole(tokens));
        }

        private void fill() {
            shares = whole(limit.capacity());
        }

        private long millisUntil(long more, long now) {
            if (!limit.shape().refillsEvenly()) {
                return since + period.longValue() - now;
            }
            BigInteger missing = whole(tokens() + more).subtract(shares);
            BigInteger[] millis = missing.divideAndRemainder(BigInteger.valueOf(limit.tokens()));
            return millis[0].longValueExact() + millis[1].signum();
        }

        private long millisToAdmit(long cost, long now) {
            if (cost <= tokens()) {
                return 0;
            }
            return cost > limit.capacity() ? Long.MAX_VALUE : millisUntil(cost - tokens(), now);
        }
    }
}
