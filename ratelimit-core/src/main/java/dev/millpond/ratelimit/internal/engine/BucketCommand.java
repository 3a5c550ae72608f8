package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.distributed.remote.CommandResult;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteCommand;
import io.github.bucket4j.distributed.serialization.SerializationHandle;
import io.github.bucket4j.distributed.versioning.Version;
import io.github.bucket4j.distributed.versioning.Versions;
import java.util.Optional;

/**
 * What we do with a bucket, decided on a copy of its state.
 *
 * <p>It makes a bucket that does not exist and reshapes one that has other limits, so it never has to be followed by
 * another command.
 *
 * @param <T> the answer
 */
abstract class BucketCommand<T> implements RemoteCommand<T> {

    /**
     * Decides.
     *
     * @param now in nanoseconds
     */
    abstract T decide(MutableBucketEntry entry, long now);

    /** Returns the call of the script that has the same effect; empty if its numbers are not exact there. */
    abstract Optional<ScriptCall> scriptCall();

    @Override
    public final CommandResult<T> execute(MutableBucketEntry entry, long now) {
        return new CommandResult<>(decide(entry, now), 0);
    }

    @Override
    public final SerializationHandle<RemoteCommand<?>> getSerializationHandle() {
        throw new IllegalStateException("Decided where it is asked and never sent");
    }

    @Override
    public final boolean isImmediateSyncRequired(long unsynchronizedTokens, long nanosSinceLastSync) {
        return true;
    }

    @Override
    public final long estimateTokensToConsume() {
        return 0;
    }

    @Override
    public final long getConsumedTokens(T answer) {
        return 0;
    }

    @Override
    public final Version getRequiredVersion() {
        return Versions.v_7_0_0;
    }
}
