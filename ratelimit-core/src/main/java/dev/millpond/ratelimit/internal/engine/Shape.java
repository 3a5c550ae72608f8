package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteStat;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a tier as one bucket of Bucket4j, with a bandwidth per limit.
 *
 * <p>What is stored carries no names of bandwidths, which would cost space: a limit is known by its period.
 *
 * @param configuration the limits as Bucket4j has them
 */
record Shape(List<RateLimit> limits, BucketConfiguration configuration) {

    private static final String ONLY_LIMIT = "only";
    private static final long EXACT_IN_LUA = 1L << 52;

    static Shape of(List<RateLimit> limits) {
        return new Shape(
                limits,
                new BucketConfiguration(limits.stream()
                        .map(limit -> bandwidth(limit.capacity(), limit.tokens(), limit.period(), null))
                        .toList()));
    }

    private static Bandwidth bandwidth(long capacity, long tokens, Duration period, @Nullable String id) {
        return Bandwidth.builder()
                .capacity(capacity)
                .refillGreedy(tokens, period)
                .id(id)
                .build();
    }

    /** Returns the bucket of an entry, refilled and in this shape; a full one if there is none. */
    RemoteBucketState open(MutableBucketEntry entry, long now) {
        if (!entry.exists()) {
            return full(now);
        }
        RemoteBucketState bucket = entry.get();
        bucket.refillAllBandwidth(now);
        if (!isShapeOf(bucket.getConfiguration())) {
            reshape(bucket, now);
            entry.set(bucket); // written even if nothing is taken, else it would go on refilling at the old rate
        }
        return bucket;
    }

    RemoteBucketState full(long now) {
        BucketState level = BucketState.createInitialState(configuration, MathType.INTEGER_64_BITS, now);
        return new RemoteBucketState(level, new RemoteStat(0), null);
    }

    /** Returns what the caller of an untouched bucket is told. */
    LimitEngine.BucketState untouched() {
        return new LimitEngine.BucketState(
                true,
                limits.stream()
                        .map(limit -> new LimitEngine.Level(limit.capacity(), 0))
                        .toList(),
                0);
    }

    /** Bandwidths count as equal to Bucket4j if they only differ in their names. */
    private boolean isShapeOf(BucketConfiguration other) {
        return configuration.equals(other)
                && Arrays.stream(other.getBandwidths()).noneMatch(Bandwidth::hasId);
    }

    /** Bucket4j inherits by name, so old and new limits are named for the moment. */
    private void reshape(RemoteBucketState bucket, long now) {
        BucketConfiguration old = bucket.getConfiguration();
        boolean alone = limits.size() == 1 && old.getBandwidths().length == 1;
        bucket.getState().setConfiguration(named(old, alone));
        bucket.replaceConfiguration(named(configuration, alone), TokensInheritanceStrategy.PROPORTIONALLY, now);
        bucket.getState().setConfiguration(configuration);
    }

    private static BucketConfiguration named(BucketConfiguration limits, boolean alone) {
        Set<String> names = new HashSet<>();
        return new BucketConfiguration(Arrays.stream(limits.getBandwidths())
                .map(limit -> named(limit, alone ? ONLY_LIMIT : name(limit, names)))
                .toList());
    }

    /** Of a foreign bucket's limits with the same period, the first one counts. */
    private static String name(Bandwidth limit, Set<String> names) {
        String period = limit.getRefillPeriodNanos() + "ns";
        String name = names.contains(period) ? period + " " + names.size() : period;
        names.add(name);
        return name;
    }

    private static Bandwidth named(Bandwidth limit, String name) {
        Duration period = Duration.ofNanos(limit.getRefillPeriodNanos());
        return bandwidth(limit.getCapacity(), limit.getRefillTokens(), period, name);
    }

    /** Returns the longest time after which an untouched bucket is full. */
    Duration timeToFill() {
        return limits.stream().map(Refill::timeToFill).max(Duration::compareTo).orElseThrow();
    }

    /** Tells whether the script can count: in whole milliseconds, and without products that lose digits. */
    boolean exactInScript() {
        return limits.stream().allMatch(Shape::exactInScript);
    }

    private static boolean exactInScript(RateLimit limit) {
        long millis = limit.period().toMillis();
        return limit.period().equals(Duration.ofMillis(millis))
                && limit.capacity() < EXACT_IN_LUA
                && Math.multiplyHigh(millis, limit.tokens()) == 0
                && millis * limit.tokens() >= 0
                && millis * limit.tokens() < EXACT_IN_LUA;
    }
}
