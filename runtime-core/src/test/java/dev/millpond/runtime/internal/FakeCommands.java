package dev.millpond.runtime.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.runtime.spi.BulkCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Commands whose answers are the test's. */
final class FakeCommands implements BulkCommands {

    /** What was sent, in order. */
    final List<Sent> sent = new ArrayList<>();

    /** What to throw instead of sending. */
    @Nullable
    RuntimeException refusal;

    /** A command and its answer. */
    record Sent(String text, CompletableFuture<Object> answer) {}

    @SuppressWarnings("unchecked")
    private <T extends @Nullable Object> CompletionStage<T> send(String text) {
        if (refusal != null) {
            throw refusal;
        }
        Sent command = new Sent(text, new CompletableFuture<>());
        sent.add(command);
        return (CompletionStage<T>) command.answer;
    }

    /** Returns what was sent, as text. */
    List<String> texts() {
        return sent.stream().map(Sent::text).toList();
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return send("get " + key);
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> getAll(List<String> keys) {
        return send("getAll " + keys);
    }

    @Override
    public CompletionStage<@Nullable Void> set(String key, byte[] value, Duration timeToLive) {
        return this.<@Nullable Void>send("set " + key);
    }

    @Override
    public CompletionStage<byte @Nullable []> evalBytes(String script, List<String> keys, List<byte[]> arguments) {
        return send("evalBytes " + script + " " + keys + " " + texts(arguments));
    }

    @Override
    public CompletionStage<Long> evalLong(String script, List<String> keys, List<byte[]> arguments) {
        return send("evalLong " + script + " " + keys + " " + texts(arguments));
    }

    @Override
    public CompletionStage<List<Object>> evalList(String script, List<String> keys, List<byte[]> arguments) {
        return send("evalList " + script + " " + keys + " " + texts(arguments));
    }

    private static List<String> texts(List<byte[]> arguments) {
        return arguments.stream().map(bytes -> new String(bytes, UTF_8)).toList();
    }

    @Override
    public boolean cluster() {
        return false;
    }
}
