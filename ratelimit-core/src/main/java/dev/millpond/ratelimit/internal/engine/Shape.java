package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteStat;
import io.github.bucket4j.distributed.serialization.InternalSerializationHelper;
import io.github.bucket4j.distributed.versioning.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The limits of a tier as one bucket of Bucket4j, with a bandwidth per limit.
 *
 * <p>What is stored carries no names of bandwidths, which would cost space: a limit is known by its period.
 *
 * <p>Immutable. Shapes are few and asked for in every decision, so they are kept.
 */
final class Shape {

    private static final long EXACT_IN_LUA = 1L << 52;

    /** Shapes kept at most, about 1 MB; beyond, those used least are made anew. */
    private static final long MAXIMUM_KNOWN = 1_000;

    private static final Cache<List<RateLimit>, Shape> KNOWN =
            Caffeine.newBuilder().maximumSize(MAXIMUM_KNOWN).build();

    private final List<RateLimit> limits;
    private final BucketConfiguration configuration;
    private final Duration timeToFill;
    private final boolean exactInScript;
    private final byte[] bytesWhenFull;

    private Shape(List<RateLimit> limits) {
        this.limits = limits;
        this.configuration =
                new BucketConfiguration(limits.stream().map(Bandwidths::of).toList());
        this.timeToFill =
                limits.stream().map(Refill::timeToFill).max(Duration::compareTo).orElseThrow();
        this.exactInScript = limits.stream().allMatch(Shape::exactInScript);
        this.bytesWhenFull = InternalSerializationHelper.serializeState(full(0), Versions.getLatest());
    }

    static Shape of(List<RateLimit> limits) {
        return KNOWN.get(List.copyOf(limits), Shape::new);
    }

    List<RateLimit> limits() {
        return limits;
    }

    /** Returns the limits as Bucket4j has them. */
    BucketConfiguration configuration() {
        return configuration;
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

    /** Returns a full bucket, to which time has not come yet, as it is stored; not to be changed. */
    byte[] bytesWhenFull() {
        return bytesWhenFull;
    }

    /** Returns what the caller of an untouched bucket is told. */
    LimitEngine.BucketState untouched() {
        List<LimitEngine.Level> levels = new ArrayList<>(limits.size());
        for (RateLimit limit : limits) {
            levels.add(new LimitEngine.Level(limit.capacity(), 0));
        }
        return new LimitEngine.BucketState(true, levels, 0);
    }

    /** Bandwidths count as equal to Bucket4j if they only differ in their names. */
    private boolean isShapeOf(BucketConfiguration other) {
        return configuration.equals(other) && !hasNames(other);
    }

    private static boolean hasNames(BucketConfiguration configuration) {
        for (Bandwidth limit : configuration.getBandwidths()) {
            if (limit.hasId()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the longest time after which an untouched bucket is full. */
    Duration timeToFill() {
        return timeToFill;
    }

    /** Tells whether the script can count: in whole milliseconds, and without products that lose digits. */
    boolean exactInScript() {
        return exactInScript;
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
