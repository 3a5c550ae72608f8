package dev.millpond.ratelimit.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The script that takes tokens from a bucket inside Redis and lends some to a node.
 *
 * <p>It is sent once and never again, like {@link BucketScript}. What was lent in an answer that is lost is nobody's
 * until its time is over.
 */
final class LeaseScript {

    /** The script as it is. */
    static final String TEXT = BucketScript.read("bucket-format.lua")
            + BucketScript.read("bucket-refill.lua")
            + BucketScript.read("lease.lua");

    private final Supplier<String> text;

    /**
     * Creates the script.
     *
     * @param text what to send each time
     */
    LeaseScript(Supplier<String> text) {
        this.text = text;
    }

    /** Returns empty if this cannot be decided here; nothing has been changed then. */
    CompletionStage<Optional<Reply>> send(KeyCommands commands, LeaseCall call, Expiry expiry) {
        List<String> keys = List.of(call.bucket(), HashTag.keyOfLeases(call.bucket()));
        return BucketScript.evaluate(commands, text.get(), keys, arguments(call, expiry))
                .thenApply(answer -> answer.flatMap(LeaseScript::reply));
    }

    private static List<byte[]> arguments(LeaseCall call, Expiry expiry) {
        Stream<String> first = Stream.of(
                call.operation(),
                call.shapes() ? "shape" : "",
                "",
                Long.toString(expiry.millisKept()),
                expiry.onceFull() ? "1" : "0",
                Long.toString(expiry.millisAboveCapacity()));
        Stream<String> then = Stream.of(
                call.returned(),
                Long.toString(call.unused()),
                call.name(),
                Long.toString(call.wish().tokens()),
                Long.toString(call.time().toMillis()),
                Long.toString(call.wish().share()));
        List<byte[]> arguments = new ArrayList<>();
        first.map(LeaseScript::bytes).forEach(arguments::add);
        arguments.add(call.shape().bytesWhenFull());
        then.map(LeaseScript::bytes).forEach(arguments::add);
        BucketScript.addAmounts(arguments, ScriptCall.tokens(call.costs()));
        return arguments;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Optional<Reply> reply(List<Object> answer) {
        return answer.isEmpty()
                ? Optional.empty()
                : Optional.of(new Reply(
                        (Long) answer.get(0),
                        (byte[]) answer.get(1),
                        (byte[]) answer.get(2),
                        (Long) answer.get(3),
                        (Long) answer.get(4)));
    }

    /** What the script has decided upon. */
    static final class Reply {

        private final long micros;
        private final byte[] before;
        private final byte[] after;
        private final long tokens;
        private final long millis;

        Reply(long micros, byte[] before, byte[] after, long tokens, long millis) {
            this.micros = micros;
            this.before = before;
            this.after = after;
            this.tokens = tokens;
            this.millis = millis;
        }

        /** Returns the time of Redis. */
        long micros() {
            return micros;
        }

        /** Returns the bucket before the costs were taken; a command that takes them from it gives the answers. */
        byte[] before() {
            return before;
        }

        /** Returns the bucket as it is now. */
        byte[] after() {
            return after;
        }

        /** Returns the tokens that are lent. */
        long tokens() {
            return tokens;
        }

        /** Returns for how many milliseconds they are lent, from a moment after the question was sent. */
        long millis() {
            return millis;
        }
    }
}
