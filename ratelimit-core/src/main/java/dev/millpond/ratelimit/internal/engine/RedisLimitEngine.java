package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisGuard.Registration;
import dev.millpond.runtime.spi.RedisUnavailableException;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.remote.Request;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.distributed.versioning.Versions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the buckets in Redis, shared by all nodes.
 *
 * <p>A decision reads the bucket and, if tokens were taken, writes it back unless another node was faster; then it
 * tries again until its time is over. Decisions of this node on the same bucket queue instead of competing. Time is the
 * wall clock of the nodes: a node whose clock is behind refills nothing until it has caught up.
 */
public final class RedisLimitEngine implements LimitEngine {

    /** How long a bucket outlives the moment at which it is full: enough for clocks that differ. */
    public static final Duration KEPT_WHEN_FULL = Duration.ofSeconds(10);

    /** The precision that all engines on Redis can represent. */
    private static final Duration CLOCK_PRECISION = Duration.ofMillis(1);

    /** The first calls load classes and the script, which on a slow machine takes longer than any decision may. */
    private static final Duration WARM_UP_BUDGET = Duration.ofSeconds(5);

    private static final int WARM_UP_ROUNDS = 20;
    private static final List<RateLimit> WARM_UP_LIMIT = List.of(RateLimit.perSecond(WARM_UP_ROUNDS));

    private final RedisGuard guard;
    private final RedisBuckets<String> buckets;
    private final RedisBuckets<String> patientBuckets;
    private final TakeQueue queue;
    private volatile @Nullable Registration warmUps;

    /**
     * Creates an engine.
     *
     * @param guard the way to Redis
     * @param budget how long a decision may take
     * @param clock the wall clock that refills buckets
     * @param ticker the elapsed time that the budget is measured by
     */
    public RedisLimitEngine(RedisGuard guard, Duration budget, InstantSource clock, Ticker ticker) {
        ClientSideConfig config = ClientSideConfig.getDefault()
                .withClientClock(new WallClock(clock))
                .withExpirationAfterWriteStrategy(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_WHEN_FULL));
        this.guard = guard;
        this.buckets = new RedisBuckets<>(config, guard, Mapper.STRING, budget, ticker);
        this.patientBuckets = new RedisBuckets<>(config, guard, Mapper.STRING, WARM_UP_BUDGET, ticker);
        this.queue = new TakeQueue(this::takeAll, budget);
    }

    @Override
    public CompletionStage<BucketState> take(String bucket, List<RateLimit> limits, long cost) {
        return queue.take(bucket, limits, cost)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(
                        guard.available() ? failure : new RedisUnavailableException("Redis is away.", failure)));
    }

    private CompletionStage<List<BucketState>> takeAll(String bucket, List<RateLimit> limits, List<Long> costs) {
        return takeAll(buckets, bucket, limits, costs).thenApply(Taken::answers);
    }

    private static CompletionStage<Taken> takeAll(
            RedisBuckets<String> buckets, String bucket, List<RateLimit> limits, List<Long> costs) {
        TakeCommand take = new TakeCommand(Shape.of(limits), costs, CLOCK_PRECISION);
        return buckets.executeAsync(bucket, new Request<>(take, Versions.getLatest(), null, null))
                .thenApply(result -> result.getData());
    }

    /**
     * Goes the whole way to Redis some times, so that the first decisions find it quick.
     *
     * @param bucket used for that, and removed at the end
     * @return completed, perhaps by a failure, when that has been done
     */
    public CompletionStage<Void> warmUp(String bucket) {
        CompletionStage<?> rounds = CompletableFuture.completedStage(null);
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            rounds = rounds.thenCompose(done -> takeAll(patientBuckets, bucket, WARM_UP_LIMIT, List.of(1L)));
        }
        return rounds.thenCompose(done -> patientBuckets.removeAsync(bucket));
    }

    /** Warms up each time Redis becomes available, until this engine is closed. */
    public void warmUpWhenAvailable(String bucket) {
        warmUps = guard.onAvailable(() -> warmUp(bucket));
    }

    @Override
    public void close() {
        Registration registration = warmUps;
        if (registration != null) {
            registration.close();
        }
        // The connection belongs to whoever made it, and buckets stay for the other nodes.
        queue.close();
    }

    /** Wall clock time in whole milliseconds, the precision that all engines on Redis can represent. */
    private record WallClock(InstantSource source) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(source.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
