package dev.millpond.ratelimit.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.OptionalOptions;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * The script that decides on a bucket inside Redis.
 *
 * <p>It is sent once and never again: after a lost answer nobody knows whether tokens were taken, and a second call
 * could take them again.
 */
final class BucketScript {

    /** The script as it is. */
    static final String TEXT = read("bucket-format.lua") + read("bucket.lua");

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

    /** Returns empty if the script refuses to decide; it has changed nothing then. */
    CompletionStage<Optional<Reply>> send(RedissonClient client, String key, ScriptCall call, Expiry expiry) {
        return client.getScript(OptionalOptions.defaults()
                        .codec(ByteArrayCodec.INSTANCE)
                        .retryAttempts(0))
                .<List<Object>>evalAsync(
                        RScript.Mode.READ_WRITE,
                        text.get(),
                        RScript.ReturnType.LIST,
                        List.of(key),
                        arguments(call, expiry))
                .thenApply(BucketScript::reply);
    }

    private static Object[] arguments(ScriptCall call, Expiry expiry) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(bytes(call.operation()));
        arguments.add(call.bytesWhenAbsent());
        arguments.add(bytes(call.mode()));
        arguments.add(bytes(call.version()));
        arguments.add(bytes(expiry.forever() ? "" : Long.toString(expiry.millisKept())));
        arguments.add(bytes(expiry.onceFull() ? "1" : "0"));
        arguments.add(bytes(Long.toString(expiry.millisAboveCapacity())));
        call.amounts().forEach(amount -> arguments.add(bytes(Long.toString(Math.min(amount, LARGEST_AMOUNT)))));
        return arguments.toArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Optional<Reply> reply(List<Object> answer) {
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        byte[] before = (byte[]) answer.get(1);
        return Optional.of(new Reply((Long) answer.get(0), before.length == 0 ? null : before));
    }

    private static String read(String name) {
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

    /** What the script has decided upon; a command that is carried out on it gives the answer. */
    static final class Reply {

        private final long micros;
        private final byte @Nullable [] before;

        private Reply(long micros, byte @Nullable [] before) {
            this.micros = micros;
            this.before = before;
        }

        /** Returns the time of Redis. */
        long micros() {
            return micros;
        }

        /** Returns the bucket as it was. */
        byte @Nullable [] before() {
            return before;
        }
    }
}
