package dev.millpond.ratelimit.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The script that takes tokens from a bucket inside Redis and lends some to a node.
 *
 * <p>It is sent once and never again, like {@link BucketScript}. What was lent in an answer that is lost is nobody's
 * until its time is over.
 */
final class LeaseScript {

    private static final String TEXT = BucketScript.read("bucket-format.lua")
            + BucketScript.read("bucket-refill.lua")
            + BucketScript.read("lease.lua");

    private final SentScript script;

    /**
     * Creates the script.
     *
     * @param expiry how long buckets are kept
     * @param change what is done with the text each time before it is sent
     */
    LeaseScript(Expiry expiry, UnaryOperator<String> change) {
        this.script = new SentScript(expiry, TEXT, change);
    }

    /** Returns empty if this cannot be decided here; nothing has been changed then. */
    CompletionStage<Optional<Reply>> send(KeyCommands commands, String bucket, List<byte[]> arguments) {
        List<String> keys = List.of(bucket, HashTag.keyOfLeases(bucket));
        return BucketScript.evaluate(commands, script.text(), keys, arguments, LeaseScript::reply);
    }

    static List<byte[]> arguments(LeaseCall call) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(BucketScript.question(call.operation(), call.shapes() ? "shape" : "", "", 1));
        arguments.add(call.shape().bytesWhenFull());
        Stream.of(
                        call.returned(),
                        Long.toString(call.unused()),
                        call.name(),
                        Long.toString(call.wish().tokens()),
                        Long.toString(call.time().toMillis()),
                        Long.toString(call.wish().share()))
                .map(LeaseScript::bytes)
                .forEach(arguments::add);
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
