package dev.millpond.ratelimit.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.runtime.spi.KeyCommands;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.redisson.client.RedisException;
import org.redisson.client.RedisTryAgainException;

/**
 * The script that decides on buckets inside Redis.
 *
 * <p>It is sent once and never again: after a lost answer nobody knows whether tokens were taken, and a second call
 * could take them again.
 */
final class BucketScript {

    /** The script as it is. */
    static final String TEXT =
            read("bucket-quick.lua") + read("bucket-format.lua") + read("bucket-refill.lua") + read("bucket.lua");

    /** Larger amounts are never there, and the numbers of Lua are exact below. */
    private static final long LARGEST_AMOUNT = 1L << 52;

    private final Supplier<String> text;

    /**
     * Creates the script.
     *
     * @param text what to send each time
     */
    BucketScript(Supplier<String> text) {
        this.text = text;
    }

    /**
     * Returns empty if this cannot be decided here, or not in one call; nothing has been changed then.
     *
     * @param keys of the buckets, then of what counts requests in flight
     */
    CompletionStage<Optional<Reply>> send(KeyCommands commands, List<String> keys, ScriptCall call, Expiry expiry) {
        if (commands.cluster() && !HashTag.isOneFor(keys)) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        int buckets = keys.size() - call.places().size();
        return evaluate(commands, text.get(), keys, arguments(call, expiry, buckets))
                .thenApply(answer -> answer.flatMap(values -> reply(values, buckets)));
    }

    /** Sends a script once; returns empty if its keys are kept apart, and it did not begin. */
    static CompletionStage<Optional<List<Object>>> evaluate(
            KeyCommands commands, String text, List<String> keys, List<byte[]> arguments) {
        return commands.evalList(text, keys, arguments)
                .thenApply(Optional::of)
                .exceptionallyCompose(failure -> keptApart(failure)
                        ? CompletableFuture.completedStage(Optional.empty())
                        : CompletableFuture.failedStage(failure));
    }

    /** Tells whether the keys are on different nodes, for now while their slot moves. */
    private static boolean keptApart(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapper ? wrapper.getCause() : failure;
        return cause instanceof RedisTryAgainException
                || (cause instanceof RedisException
                        && String.valueOf(cause.getMessage()).startsWith("CROSSSLOT"));
    }

    private static List<byte[]> arguments(ScriptCall call, Expiry expiry, int buckets) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(call.operation()));
        arguments.add(bytes(call.mode()));
        arguments.add(bytes(call.version()));
        arguments.add(bytes(expiry.forever() ? "" : Long.toString(expiry.millisKept())));
        arguments.add(bytes(expiry.onceFull() ? "1" : "0"));
        arguments.add(bytes(expiry.millisAboveCapacity()));
        arguments.add(bytes(buckets));
        arguments.addAll(call.bytesWhenAbsent(buckets));
        for (InFlightLimit limit : call.places()) {
            arguments.add(bytes(limit.most()));
            arguments.add(bytes(limit.timeout().toMillis()));
        }
        if (call.places().isEmpty()) {
            addAmounts(arguments, call.wanted());
        } else {
            for (Wanted wanted : call.wanted()) {
                arguments.add(bytes(amount(wanted.cost())));
                arguments.add(bytes(wanted.name()));
            }
        }
        return arguments;
    }

    /** Adds each amount with the number of requests in a row that want it. */
    static void addAmounts(List<byte[]> arguments, List<Wanted> wanted) {
        int from = 0;
        for (int i = 1; i <= wanted.size(); i++) {
            if (i == wanted.size() || wanted.get(i).cost() != wanted.get(from).cost()) {
                arguments.add(bytes(amount(wanted.get(from).cost())));
                arguments.add(bytes(i - from));
                from = i;
            }
        }
    }

    private static String amount(long tokens) {
        return Long.toString(Math.min(tokens, LARGEST_AMOUNT));
    }

    private static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Optional<Reply> reply(List<Object> answer, int buckets) {
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Reply(
                (Long) answer.get(0),
                cast(answer.subList(1, buckets + 1), byte[].class),
                cast(answer.subList(buckets + 1, answer.size()), Long.class)));
    }

    private static <T> List<T> cast(List<Object> values, Class<T> type) {
        List<T> cast = new ArrayList<>(values.size());
        for (Object value : values) {
            cast.add(type.cast(value));
        }
        return cast;
    }

    static String read(String name) {
        try (InputStream script = BucketScript.class.getResourceAsStream("/dev/millpond/ratelimit/" + name)) {
            if (script == null) {
                throw new IllegalStateException(
                        "The script " + name + " is missing from the millpond-ratelimit-core jar.");
            }
            return new String(script.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the script has decided upon; a command that is carried out on it gives the answer.
     *
     * @param micros the time of Redis
     * @param stored the buckets as they were; empty bytes for one that was absent
     * @param taken how many requests were in flight, for each limit of them
     */
    record Reply(long micros, List<byte[]> stored, List<Long> taken) {

        /** Returns the buckets as they were. */
        List<MutableBucketEntry> before() {
            List<MutableBucketEntry> before = new ArrayList<>(stored.size());
            for (byte[] bytes : stored) {
                before.add(new MutableBucketEntry(bytes.length == 0 ? null : bytes));
            }
            return before;
        }
    }
}
