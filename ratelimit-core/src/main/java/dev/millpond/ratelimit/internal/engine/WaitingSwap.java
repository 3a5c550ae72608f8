package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A swap whose caller waits for each step. */
record WaitingSwap(AsyncCompareAndSwapOperation swap) implements CompareAndSwapOperation {

    @Override
    public Optional<byte[]> getStateData(Optional<Long> timeoutNanos) {
        return swap.getStateData(timeoutNanos).join();
    }

    @Override
    public boolean compareAndSwap(
            byte @Nullable [] original, byte[] changed, RemoteBucketState state, Optional<Long> timeoutNanos) {
        return swap.compareAndSwap(original, changed, state, timeoutNanos).join();
    }
}
