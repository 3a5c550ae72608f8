package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.DifferentialWalkIT.Operation;
import dev.millpond.ratelimit.internal.engine.DifferentialWalkIT.Reference;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A bucket of Bucket4j in this process, as its own documentation uses it. */
final class ReferenceBucket implements Reference {

    private static final Duration PRECISION = Duration.ofMillis(1);

    private final TimeMeter clock;
    private @Nullable Bucket stored;
    private List<RateLimit> limits = List.of();

    ReferenceBucket(InstantSource source) {
        this.clock = new TimeMeter() {

            @Override
            public long currentTimeNanos() {
                return ChronoUnit.MILLIS.between(Instant.EPOCH, source.instant()) * 1_000_000;
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }

    @Override
    public BucketState apply(Operation operation) {
        if (operation.name().equals("reset")) {
            stored = null;
        }
        Bucket bucket = open(operation.limits());
        boolean written = switch (operation.name()) {
            case "take" -> operation.amount() > 0 && bucket.tryConsume(operation.amount());
            case "grant" -> grant(bucket, operation.amount());
            case "refund" -> stored != null && refund(bucket, operation.amount());
            default -> false;
        };
        if (written) {
            stored = bucket;
        }
        boolean admitted = written || !operation.name().equals("take") || operation.amount() == 0;
        return Refill.stateOf(limits, level(bucket), operation.amount(), admitted, clock.currentTimeNanos(), PRECISION);
    }

    /** An absent bucket is a full one, made at the moment at which it is used. */
    private Bucket open(List<RateLimit> wanted) {
        Bucket bucket = stored;
        if (bucket == null) {
            limits = wanted;
            var builder = Bucket.builder().withCustomTimePrecision(clock);
            for (Bandwidth limit : configuration(wanted).getBandwidths()) {
                builder.addLimit(limit);
            }
            return builder.build();
        }
        if (!limits.equals(wanted)) {
            limits = wanted;
            bucket.replaceConfiguration(configuration(wanted), TokensInheritanceStrategy.PROPORTIONALLY);
        }
        return bucket;
    }

    private static BucketConfiguration configuration(List<RateLimit> limits) {
        return new BucketConfiguration(limits.stream()
                .map(limit -> Bandwidth.builder()
                        .capacity(limit.capacity())
                        .refillGreedy(limit.tokens(), limit.period())
                        .id(limit.period().toString())
                        .build())
                .toList());
    }

    private static io.github.bucket4j.BucketState level(Bucket bucket) {
        return bucket.asVerbose().getAvailableTokens().getState();
    }

    private static boolean grant(Bucket bucket, long amount) {
        if (amount > 0) {
            bucket.forceAddTokens(amount);
        }
        return amount > 0;
    }

    private boolean refund(Bucket bucket, long amount) {
        long[] room = IntStream.range(0, limits.size())
                .mapToLong(i -> limits.get(i).capacity() - level(bucket).getCurrentSize(i))
                .toArray();
        boolean above = IntStream.range(0, room.length).anyMatch(i -> room[i] < 0);
        long fits = IntStream.range(0, room.length)
                .mapToLong(i -> room[i])
                .filter(left -> left >= 0)
                .min()
                .orElse(Long.MAX_VALUE);
        if (amount > 0 && above) {
            bucket.forceAddTokens(Math.min(amount, fits) + 1); // Bucket4j does not add 0, but that refills as well
            bucket.consumeIgnoringRateLimits(1);
        } else if (amount > 0) {
            bucket.addTokens(amount);
        }
        return amount > 0;
    }
}
