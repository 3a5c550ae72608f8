package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteCommand;
import io.github.bucket4j.distributed.remote.RemoteStat;
import io.github.bucket4j.distributed.remote.commands.CheckConfigurationVersionAndExecuteCommand;
import io.github.bucket4j.distributed.remote.commands.ConsumeAsMuchAsPossibleCommand;
import io.github.bucket4j.distributed.remote.commands.CreateInitialStateAndExecuteCommand;
import io.github.bucket4j.distributed.remote.commands.CreateInitialStateWithVersionOrReplaceConfigurationAndExecuteCommand;
import io.github.bucket4j.distributed.remote.commands.EstimateAbilityToConsumeCommand;
import io.github.bucket4j.distributed.remote.commands.GetAvailableTokensCommand;
import io.github.bucket4j.distributed.remote.commands.TryConsumeAndReturnRemainingTokensCommand;
import io.github.bucket4j.distributed.remote.commands.TryConsumeCommand;
import io.github.bucket4j.distributed.remote.commands.VerboseCommand;
import io.github.bucket4j.distributed.serialization.InternalSerializationHelper;
import io.github.bucket4j.distributed.versioning.Versions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the script is asked to do with a bucket.
 *
 * @param operation {@code take}, {@code drain}, {@code refund} or {@code grant}
 * @param amounts in tokens
 * @param whenAbsent the bucket to make if there is none; null for none
 * @param mode what is done with that bucket: {@code keep} it in any case, give its {@code shape} to one that has other
 *     limits, or empty
 */
record ScriptCall(
        String operation, List<Long> amounts, @Nullable RemoteBucketState whenAbsent, String mode, String version) {

    /** Returns the call that has the effect of a command; empty if the script cannot have it. */
    static Optional<ScriptCall> of(RemoteCommand<?> command) {
        if (command instanceof BucketCommand<?> ours) {
            return ours.scriptCall();
        } else if (command instanceof VerboseCommand<?> verbose) {
            return of(verbose.getTargetCommand());
        } else if (command instanceof CheckConfigurationVersionAndExecuteCommand<?> check) {
            return of(check.getTargetCommand()).map(call -> call.needing(check.getDesiredConfigurationVersion()));
        } else if (command instanceof CreateInitialStateAndExecuteCommand<?> create) {
            return of(create.getTargetCommand()).flatMap(call -> call.creating(create.getConfiguration(), null));
        } else if (command instanceof CreateInitialStateWithVersionOrReplaceConfigurationAndExecuteCommand<?> create) {
            long version = create.getDesiredConfigurationVersion();
            return of(create.getTargetCommand())
                    .map(call -> call.needing(version))
                    .flatMap(call -> call.creating(create.getConfiguration(), version));
        }
        return ofSimple(command);
    }

    private static Optional<ScriptCall> ofSimple(RemoteCommand<?> command) {
        if (command instanceof TryConsumeCommand consume) {
            return Optional.of(onPresent("take", consume.getTokensToConsume()));
        } else if (command instanceof TryConsumeAndReturnRemainingTokensCommand consume) {
            return Optional.of(onPresent("take", consume.getTokensToConsume()));
        } else if (command instanceof ConsumeAsMuchAsPossibleCommand consume) {
            return Optional.of(onPresent("drain", consume.getLimit()));
        } else if (command instanceof GetAvailableTokensCommand || command instanceof EstimateAbilityToConsumeCommand) {
            return Optional.of(onPresent("take"));
        }
        return Optional.empty();
    }

    private static ScriptCall onPresent(String operation, Long... amounts) {
        return new ScriptCall(operation, List.of(amounts), null, "", "");
    }

    /** Returns a call that makes the bucket if there is none, and gives its shape to one that has other limits. */
    static ScriptCall shaping(Shape shape, String operation, List<Long> amounts) {
        return new ScriptCall(operation, amounts, shape.full(0), "shape", "");
    }

    private ScriptCall needing(long configurationVersion) {
        return new ScriptCall(operation, amounts, whenAbsent, mode, Long.toString(configurationVersion));
    }

    /** The script sets the times of the new bucket, but does not know how its level depends on the time. */
    private Optional<ScriptCall> creating(BucketConfiguration configuration, @Nullable Long configurationVersion) {
        if (Arrays.stream(configuration.getBandwidths()).anyMatch(Bandwidth::isUseAdaptiveInitialTokens)) {
            return Optional.empty();
        }
        BucketState level = BucketState.createInitialState(configuration, MathType.INTEGER_64_BITS, 0);
        RemoteBucketState bucket = new RemoteBucketState(level, new RemoteStat(0), configurationVersion);
        return Optional.of(new ScriptCall(operation, amounts, bucket, "keep", version));
    }

    byte[] bytesWhenAbsent() {
        return whenAbsent == null
                ? new byte[0]
                : InternalSerializationHelper.serializeState(whenAbsent, Versions.getLatest());
    }
}
