package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.InFlightLimit;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the script is asked to do with buckets.
 *
 * @param operation {@code take}, {@code drain}, {@code refund} or {@code grant}
 * @param wanted amounts, and who takes places
 * @param whenAbsent the buckets to make where there are none, as they are stored; empty for none
 * @param mode what is done with those: {@code keep} it in any case, give its {@code shape} to one that has other
 *     limits, or empty
 * @param version which the configuration must have reached, or empty
 * @param places limits of requests in flight
 */
record ScriptCall(
        String operation,
        List<Wanted> wanted,
        List<byte[]> whenAbsent,
        String mode,
        String version,
        List<InFlightLimit> places) {

    /** Returns the call that has the effect of a command of Bucket4j's own; empty if the script cannot have it. */
    static Optional<ScriptCall> of(RemoteCommand<?> command) {
        if (command instanceof VerboseCommand<?> verbose) {
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
        return new ScriptCall(operation, tokens(List.of(amounts)), List.of(), "", "", List.of());
    }

    /** Returns requests for tokens alone. */
    static List<Wanted> tokens(List<Long> amounts) {
        List<Wanted> wanted = new ArrayList<>(amounts.size());
        for (long amount : amounts) {
            wanted.add(Wanted.tokens(amount));
        }
        return wanted;
    }

    /** Returns a call that makes the bucket if there is none, and gives its shape to one that has other limits. */
    static ScriptCall shaping(Shape shape, String operation, List<Long> amounts) {
        return new ScriptCall(operation, tokens(amounts), List.of(shape.bytesWhenFull()), "shape", "", List.of());
    }

    /** Returns a call that takes from several buckets, and takes places, together. */
    static ScriptCall taking(List<Shape> shapes, List<InFlightLimit> places, List<Wanted> wanted) {
        List<byte[]> full = new ArrayList<>(shapes.size());
        for (Shape shape : shapes) {
            full.add(shape.bytesWhenFull());
        }
        return new ScriptCall("take", wanted, full, "shape", "", places);
    }

    /** Returns a call that takes a place, and nothing from any bucket. */
    static ScriptCall entering(InFlightLimit limit, String name) {
        return taking(List.of(), List.of(limit), List.of(new Wanted(0, name)));
    }

    private ScriptCall needing(long configurationVersion) {
        return new ScriptCall(operation, wanted, whenAbsent, mode, Long.toString(configurationVersion), places);
    }

    /** The script sets the times of the new bucket, but does not know how its level depends on the time. */
    private Optional<ScriptCall> creating(BucketConfiguration configuration, @Nullable Long configurationVersion) {
        if (Arrays.stream(configuration.getBandwidths()).anyMatch(Bandwidth::isUseAdaptiveInitialTokens)) {
            return Optional.empty();
        }
        BucketState level = BucketState.createInitialState(configuration, MathType.INTEGER_64_BITS, 0);
        RemoteBucketState bucket = new RemoteBucketState(level, new RemoteStat(0), configurationVersion);
        byte[] stored = InternalSerializationHelper.serializeState(bucket, Versions.getLatest());
        return Optional.of(new ScriptCall(operation, wanted, List.of(stored), "keep", version, places));
    }

    /** Returns one for each of so many buckets. */
    List<byte[]> bytesWhenAbsent(int buckets) {
        return whenAbsent.isEmpty() ? Collections.nCopies(buckets, new byte[0]) : whenAbsent;
    }
}
