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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.redisson.client.RedisException;
import org.redisson.client.RedisTryAgainException;

/**
 * The script that decides on buckets inside Redis.
 *
 * <p>It is sent once and never again: after a lost answer nobody knows whether tokens were taken, and a second call
 * could take them again.
 */
final class BucketScript {

    private static final String TEXT =
            read("bucket-quick.lua") + read("bucket-format.lua") + read("bucket-refill.lua") + read("bucket.lua");

    /** Larger amounts are never there, and the numbers of Lua are exact below. */
    private static final long LARGEST_AMOUNT = 1L << 52;

    private static final byte[] ONE = bytes("1");

    private final SentScript script;

    /**
     * Creates the script.
     *
     * @param expiry how long buckets are kept
     * @param change what is done with the text each time before it is sent
     */
    BucketScript(Expiry expiry, UnaryOperator<String> change) {
        this.script = new SentScript(expiry, TEXT, change);
    }

    /**
     * Returns empty if this cannot be decided here, or not in one call; nothing has been changed then.
     *
     * @param keys of the buckets, then of what counts requests in flight
     * @param buckets how many there are
     */
    CompletionStage<Optional<Reply>> send(
            KeyCommands commands, List<String> keys, List<byte[]> arguments, int buckets) {
        return commands.cluster() && !HashTag.isOneFor(keys)
                ? CompletableFuture.completedStage(Optional.empty())
                : evaluate(commands, script.text(), keys, arguments, values -> reply(values, buckets));
    }

    /**
     * Sends a script once.
     *
     * @param reply what is made of its answer; empty if its keys are kept apart, and it did not begin
     */
    static <T> CompletionStage<Optional<T>> evaluate(
            KeyCommands commands,
            String text,
            List<String> keys,
            List<byte[]> arguments,
            Function<List<Object>, Optional<T>> reply) {
        return commands.evalList(text, keys, arguments).handle((values, failure) -> {
            if (failure == null) {
                return reply.apply(values);
            } else if (keptApart(failure)) {
                return Optional.empty();
            }
            throw failure instanceof CompletionException wrapper ? wrapper : new CompletionException(failure);
        });
    }

    /** Tells whether the keys are on different nodes, for now while their slot moves. */
    private static boolean keptApart(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapper ? wrapper.getCause() : failure;
        return cause instanceof RedisTryAgainException
                || (cause instanceof RedisException
                        && String.valueOf(cause.getMessage()).startsWith("CROSSSLOT"));
    }

    static List<byte[]> arguments(ScriptCall call, int buckets) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(question(call.operation(), call.mode(), call.version(), buckets));
        arguments.addAll(call.bytesWhenAbsent(buckets));
        for (InFlightLimit limit : call.places()) {
            arguments.add(bytes(limit.most()));
            arguments.add(bytes(limit.timeout().toMillis()));
        }
        if (call.places().isEmpty()) {
            addAmounts(arguments, call.wanted());
        } else {
            for (Wanted wanted : call.wanted()) {
                arguments.add(amount(wanted.cost()));
                arguments.add(bytes(wanted.name()));
            }
        }
        return arguments;
    }

    /** Returns the first argument: each more takes longer, for client and Redis, than what it says. */
    static byte[] question(String operation, String mode, String version, int buckets) {
        return bytes(operation + ' ' + mode + ' ' + version + ' ' + buckets);
    }

    /** Adds each amount with the number of requests in a row that want it. */
    static void addAmounts(List<byte[]> arguments, List<Wanted> wanted) {
        int from = 0;
        for (int i = 1; i <= wanted.size(); i++) {
            if (i == wanted.size() || wanted.get(i).cost() != wanted.get(from).cost()) {
                arguments.add(amount(wanted.get(from).cost()));
                arguments.add(bytes(i - from));
                from = i;
            }
        }
    }

    private static byte[] amount(long tokens) {
        return bytes(Math.min(tokens, LARGEST_AMOUNT));
    }

    private static byte[] bytes(long number) {
        return number == 1 ? ONE : bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Optional<Reply> reply(List<Object> values, int buckets) {
        return values.isEmpty() ? Optional.empty() : Optional.of(new Reply(values, buckets));
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
     * @param values the time of Redis in microseconds; the buckets as they were, empty bytes for one that was absent;
     *     and how many requests were in flight, for each limit of them
     * @param buckets how many there are
     */
    record Reply(List<Object> values, int buckets) {

        long micros() {
            return (Long) values.get(0);
        }

        /** Returns the same time in nanoseconds. */
        long nanos() {
            return TimeUnit.MICROSECONDS.toNanos(micros());
        }

        /** Returns a bucket as it was. */
        MutableBucketEntry before(int bucket) {
            return StoredBytes.entry((byte[]) values.get(1 + bucket));
        }

        List<MutableBucketEntry> before() {
            return IntStream.range(0, buckets).mapToObj(this::before).toList();
        }

        /** Returns how many requests were in flight. */
        List<Long> taken() {
            return values.subList(1 + buckets, values.size()).stream()
                    .map(Long.class::cast)
                    .toList();
        }
    }
}
