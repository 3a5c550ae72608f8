package dev.millpond.runtime.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.runtime.spi.BulkCommands;
import dev.millpond.runtime.spi.KeyCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Commands of several callers, of which those of one kind go to Redis as one: reads as one MGET, calls of a script as
 * one call. For one thread.
 */
final class MergedCommands implements Batch {

    /** Redis serves nobody else meanwhile. */
    static final int MOST_RUNS_OF_A_SCRIPT = 32;

    private static final String SET = "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])";

    private final BulkCommands alone;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final List<Read> reads = new ArrayList<>();
    private final Map<String, List<Call>> scripts = new LinkedHashMap<>();

    MergedCommands(BulkCommands alone) {
        this.alone = alone;
    }

    /**
     * A read.
     *
     * @param place of its key among those that are read
     */
    private record Read(int place, CompletableFuture<byte @Nullable []> answer) {}

    /** A call of a script, alone and as a part of a merged one. */
    private record Call(
            List<String> keys,
            List<byte[]> arguments,
            Function<KeyCommands, CompletionStage<?>> alone,
            CompletableFuture<Object> answer) {

        void end(@Nullable Object value, @Nullable Throwable failure) {
            Answers.end(answer, value, failure);
        }

        void end(List<?> merged) {
            end(MergedScript.value(merged), MergedScript.failure(merged));
        }
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        Read read = new Read(places.computeIfAbsent(key, absent -> places.size()), new CompletableFuture<>());
        reads.add(read);
        return read.answer();
    }

    @Override
    public CompletionStage<@Nullable Void> set(String key, byte[] value, Duration timeToLive) {
        byte[] millis = Long.toString(timeToLive.toMillis()).getBytes(UTF_8);
        return this.<@Nullable Void>call(
                SET, List.of(key), List.of(value, millis), commands -> commands.set(key, value, timeToLive));
    }

    @Override
    public CompletionStage<byte @Nullable []> evalBytes(String script, List<String> keys, List<byte[]> arguments) {
        return call(script, keys, arguments, commands -> commands.evalBytes(script, keys, arguments));
    }

    @Override
    public CompletionStage<Long> evalLong(String script, List<String> keys, List<byte[]> arguments) {
        return call(script, keys, arguments, commands -> commands.evalLong(script, keys, arguments));
    }

    @Override
    public CompletionStage<List<Object>> evalList(String script, List<String> keys, List<byte[]> arguments) {
        return call(script, keys, arguments, commands -> commands.evalList(script, keys, arguments));
    }

    @SuppressWarnings("unchecked") // The script answers each caller as it would answer that one alone.
    private <T extends @Nullable Object> CompletionStage<T> call(
            String script, List<String> keys, List<byte[]> arguments, Function<KeyCommands, CompletionStage<T>> call) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        scripts.computeIfAbsent(script, absent -> new ArrayList<>())
                .add(new Call(keys, arguments, call::apply, answer));
        return (CompletionStage<T>) answer;
    }

    @Override
    public boolean cluster() {
        return alone.cluster();
    }

    @Override
    public void send() {
        sendReads();
        scripts.forEach(this::sendCalls);
    }

    private void sendReads() {
        List<String> keys = List.copyOf(places.keySet());
        if (keys.size() == 1) {
            var unused = Answers.to(() -> alone.get(keys.get(0)))
                    .whenComplete((value, failure) -> endReads(place -> value, failure));
        } else if (!keys.isEmpty()) {
            var unused = Answers.to(() -> alone.getAll(keys))
                    .whenComplete((values, failure) -> endReads(place -> values.get(place), failure));
        }
    }

    private void endReads(IntFunction<byte @Nullable []> values, @Nullable Throwable failure) {
        for (Read read : reads) {
            try {
                Answers.end(read.answer(), failure == null ? values.apply(read.place()) : null, failure);
            } catch (RuntimeException e) { // somebody waits for it, however many Redis has answered
                read.answer().completeExceptionally(e);
            }
        }
    }

    private void sendCalls(String script, List<Call> calls) {
        for (int at = 0; at < calls.size(); at += MOST_RUNS_OF_A_SCRIPT) {
            List<Call> some = calls.subList(at, Math.min(calls.size(), at + MOST_RUNS_OF_A_SCRIPT));
            if (some.size() == 1) {
                Call call = some.get(0);
                var unused = Answers.to(() -> call.alone().apply(alone)).whenComplete(call::end);
            } else {
                sendTogether(script, some);
            }
        }
    }

    private void sendTogether(String script, List<Call> calls) {
        List<String> keys = new ArrayList<>(calls.size());
        List<Integer> numbers = new ArrayList<>(calls.size());
        List<List<byte[]>> arguments = new ArrayList<>(calls.size());
        for (Call call : calls) {
            keys.addAll(call.keys());
            numbers.add(call.keys().size());
            arguments.add(call.arguments());
        }
        var unused = Answers.to(
                        () -> alone.evalList(MergedScript.of(script), keys, MergedScript.arguments(numbers, arguments)))
                .whenComplete((answers, failure) -> endCalls(calls, answers, failure));
    }

    private static void endCalls(List<Call> calls, @Nullable List<Object> answers, @Nullable Throwable failure) {
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            try {
                if (answers == null) {
                    call.end(null, failure);
                } else {
                    call.end((List<?>) answers.get(i));
                }
            } catch (RuntimeException e) { // somebody waits for it, whatever the script has answered
                call.end(null, e);
            }
        }
    }
}
