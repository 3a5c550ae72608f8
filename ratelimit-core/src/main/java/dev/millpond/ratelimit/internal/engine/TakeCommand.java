package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.remote.CommandResult;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteCommand;
import io.github.bucket4j.distributed.remote.RemoteStat;
import io.github.bucket4j.distributed.serialization.SerializationHandle;
import io.github.bucket4j.distributed.versioning.Version;
import io.github.bucket4j.distributed.versioning.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides several takes from one bucket, first come first served, on a copy of its state.
 *
 * <p>It makes a bucket that does not exist and reshapes one that has another limit, so a decision needs no more than
 * one read and one write. A bucket is written only if tokens were taken or its limit changed.
 */
final class TakeCommand implements RemoteCommand<List<BucketState>> {

    private static final Duration CLOCK_PRECISION = Duration.ofMillis(1);

    private final RateLimit limit;
    private final BucketConfiguration shape;
    private final List<Long> costs;

    TakeCommand(RateLimit limit, List<Long> costs) {
        this.limit = limit;
        this.shape = Refill.bucketOf(limit);
        this.costs = List.copyOf(costs);
    }

    @Override
    public CommandResult<List<BucketState>> execute(MutableBucketEntry entry, long now) {
        RemoteBucketState bucket = entry.exists() ? refilled(entry, now) : full(now);
        List<BucketState> answers = new ArrayList<>(costs.size());
        for (long cost : costs) {
            boolean admitted = cost <= bucket.getAvailableTokens();
            if (admitted && cost > 0) {
                bucket.consume(cost);
                entry.set(bucket);
            }
            answers.add(Refill.stateOf(limit, bucket.getState(), cost, admitted, CLOCK_PRECISION));
        }
        return new CommandResult<>(answers, 0);
    }

    private RemoteBucketState refilled(MutableBucketEntry entry, long now) {
        RemoteBucketState bucket = entry.get();
        bucket.refillAllBandwidth(now);
        if (!bucket.getConfiguration().equals(shape)) {
            bucket.replaceConfiguration(shape, TokensInheritanceStrategy.PROPORTIONALLY, now);
            entry.set(bucket); // written even if nothing is taken, else it would go on refilling at the old rate
        }
        return bucket;
    }

    private RemoteBucketState full(long now) {
        var level = io.github.bucket4j.BucketState.createInitialState(shape, MathType.INTEGER_64_BITS, now);
        return new RemoteBucketState(level, new RemoteStat(0), null);
    }

    @Override
    public SerializationHandle<RemoteCommand<?>> getSerializationHandle() {
        throw new IllegalStateException("A take is decided where it is asked and never sent");
    }

    @Override
    public boolean isImmediateSyncRequired(long unsynchronizedTokens, long nanosSinceLastSync) {
        return true;
    }

    @Override
    public long estimateTokensToConsume() {
        return costs.stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public long getConsumedTokens(List<BucketState> answers) {
        return estimateTokensToConsume();
    }

    @Override
    public Version getRequiredVersion() {
        return Versions.v_7_0_0;
    }
}
