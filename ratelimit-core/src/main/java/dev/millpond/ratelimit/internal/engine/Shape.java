package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteStat;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The limits of a tier as one bucket of Bucket4j, with a bandwidth per limit.
 *
 * <p>What is stored carries no names of bandwidths, which would cost space: a limit is known by its period.
 *
 * @param configuration the limits as Bucket4j has them
 */
record Shape(List<RateLimit> limits, BucketConfiguration configuration) {

    private static final long EXACT_IN_LUA = 1L << 52;

    static Shape of(List<RateLimit> limits) {
        return new Shape(
                limits,
                new BucketConfiguration(limits.stream().map(Bandwidths::of).toList()));
    }

    /** Returns the bucket of an entry, refilled and in this shape; a full one if there is none. */
    RemoteBucketState open(MutableBucketEntry entry, long now) {
        RemoteBucketState bucket = entry.exists() ? entry.get() : full(now);
        bucket.refillAllBandwidth(now);
        if (!isShapeOf(bucket.getConfiguration())) {
            new Reshaping(bucket.getConfiguration(), configuration).apply(bucket, now);
            entry.set(bucket); // written even if nothing is taken, else it would go on refilling at the old rate
        }
        beginWindows(bucket.getState(), now);
        return bucket;
    }

    /** Of a window that is full, no time has passed yet. */
    private void beginWindows(BucketState level, long now) {
        Bandwidth[] windows = configuration.getBandwidths();
        for (int i = 0; i < windows.length; i++) {
            if (Bandwidths.beginsWithARequest(windows[i]) && level.getCurrentSize(i) >= windows[i].getCapacity()) {
                RefillTimes times = RefillTimes.of(level);
                times.set(i, Math.max(times.get(i), now)).writeTo(level);
            }
        }
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
        long tokens = Refill.tokensPerPeriod(limit);
        return limit.period().equals(Duration.ofMillis(millis))
                && limit.capacity() < EXACT_IN_LUA
                && Math.multiplyHigh(millis, tokens) == 0
                && millis * tokens >= 0
                && millis * tokens < EXACT_IN_LUA;
    }
}
