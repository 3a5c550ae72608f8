package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Puts tokens into a bucket, and answers like a take of nothing. */
final class GiveCommand extends BucketCommand<BucketState> {

    /** How much the bucket may hold afterwards. */
    enum Kind {
        /** What was taken comes back: up to the capacity. */
        REFUND("refund"),
        /** A present: beyond the capacity as well. */
        GRANT("grant");

        private final String operation;

        Kind(String operation) {
            this.operation = operation;
        }
    }

    private final Kind kind;
    private final Shape shape;
    private final long tokens;
    private final Duration precision;

    GiveCommand(Kind kind, Shape shape, long tokens, Duration precision) {
        this.kind = kind;
        this.shape = shape;
        this.tokens = tokens;
        this.precision = precision;
    }

    @Override
    Optional<ScriptCall> scriptCall() {
        return shape.exactInScript()
                ? Optional.of(ScriptCall.shaping(shape, kind.operation, List.of(tokens)))
                : Optional.empty();
    }

    @Override
    BucketState decide(MutableBucketEntry entry, long now) {
        long at = Refill.roundDown(now, precision);
        RemoteBucketState bucket = shape.open(entry, at);
        if (kind == Kind.GRANT) {
            bucket.forceAddTokens(tokens);
        } else if (tokens > 0) { // of nothing, Bucket4j would round a full bucket down
            refund(bucket);
        }
        if (tokens > 0 && (entry.exists() || kind == Kind.GRANT)) {
            entry.set(bucket);
        }
        return Refill.stateOf(shape.limits(), bucket.getState(), 0, true, at, precision);
    }

    /**
     * Bucket4j would take away what was granted beyond the capacity. In such a bucket, what is refunded to all limits
     * must fit into those that are not above theirs.
     */
    private void refund(RemoteBucketState bucket) {
        if (KeptUntilFull.holdsMoreThanItsCapacity(bucket)) {
            bucket.forceAddTokens(Math.min(tokens, room(bucket)));
        } else {
            bucket.addTokens(tokens);
        }
    }

    private static long room(RemoteBucketState bucket) {
        Bandwidth[] limits = bucket.getConfiguration().getBandwidths();
        return IntStream.range(0, limits.length)
                .mapToLong(i -> limits[i].getCapacity() - bucket.getState().getCurrentSize(i))
                .filter(room -> room >= 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
