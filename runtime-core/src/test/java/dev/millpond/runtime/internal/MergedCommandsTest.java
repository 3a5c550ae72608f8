package dev.millpond.runtime.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoReplicasException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisTimeoutException;

final class MergedCommandsTest {

    private static final String SCRIPT = "return ARGV[1]";
    private final RedisTimeoutException failure = new RedisTimeoutException("no answer");

    private final FakeCommands redis = new FakeCommands();
    private final MergedCommands commands = new MergedCommands(redis);

    @Test
    void get_notSent_nothingIsAsked() {
        var unused = commands.get("a");

        assertThat(redis.sent).isEmpty();
    }

    @Test
    void send_oneRead_goesAlone() {
        CompletionStage<byte @Nullable []> read = commands.get("a");

        commands.send();

        assertThat(redis.texts()).containsExactly("get a");
        answer(0, bytes("1"));
        assertAnswered(read, "1");
    }

    @Test
    void send_severalReads_goAsOne() {
        CompletionStage<byte @Nullable []> first = commands.get("a");
        CompletionStage<byte @Nullable []> absent = commands.get("b");
        CompletionStage<byte @Nullable []> again = commands.get("a");

        commands.send();

        assertThat(redis.texts()).containsExactly("getAll [a, b]");
        answer(0, Arrays.asList(bytes("1"), null));
        assertAnswered(first, "1");
        assertAnswered(again, "1");
        assertThat(absent).isCompletedWithValue(null);
    }

    @Test
    void send_oneOfSeveralWhoWantAKeyGivesUp_theOthersAreAnswered() {
        CompletionStage<byte @Nullable []> first = commands.get("a");
        CompletionStage<byte @Nullable []> second = commands.get("a");
        commands.send();

        first.toCompletableFuture().cancel(true);
        answer(0, bytes("1"));

        assertAnswered(second, "1");
    }

    @Test
    void send_fewerAnswersThanReads_othersFail() {
        CompletionStage<byte @Nullable []> first = commands.get("a");
        CompletionStage<byte @Nullable []> second = commands.get("b");

        commands.send();
        answer(0, List.of(bytes("1")));

        assertAnswered(first, "1");
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    void send_readsFail_eachFails() {
        List<CompletionStage<byte @Nullable []>> reads = List.of(commands.get("a"), commands.get("b"));

        commands.send();
        redis.sent.get(0).answer().completeExceptionally(failure);

        assertThat(reads).allSatisfy(read -> assertFailed(read, failure));
    }

    @Test
    void send_oneCallOfAScript_goesAlone() {
        CompletionStage<Long> call = commands.evalLong(SCRIPT, List.of("a"), List.of(bytes("1")));

        commands.send();

        assertThat(redis.texts()).containsExactly("evalLong " + SCRIPT + " [a] [1]");
        answer(0, 1L);
        assertThat(call).isCompletedWithValue(1L);
    }

    @Test
    void send_severalCallsOfAScript_goAsOneAndEachIsAnswered() {
        CompletionStage<byte @Nullable []> first = evalBytes("a", "x", "y", "1");
        CompletionStage<byte @Nullable []> second = evalBytes("b", "x", "y");
        CompletionStage<byte @Nullable []> third = evalBytes("c", "x", "y", "2", "3");

        commands.send();

        assertThat(redis.texts())
                .containsExactly("evalList " + MergedScript.of(SCRIPT)
                        + " [a, b, c] [2, 0, 0, x, y, 1, 1, 1, 1, 0, 1, 2, 2, 3]");
        answer(0, List.of(List.of(1L, bytes("one")), List.of(1L), List.of(1L, bytes("three"))));
        assertAnswered(first, "one");
        assertThat(second).isCompletedWithValue(null);
        assertAnswered(third, "three");
    }

    @Test
    void send_callsThatDifferAtTheEnd_bringTheirNumbersOnce() {
        var first = evalBytes("a", "x", "y", "1");
        var second = evalBytes("b", "x", "y", "2");

        commands.send();

        assertThat(redis.texts().get(0)).endsWith(" [a, b] [2, 1, 1, x, y, 1, 2]");
        assertThat(List.of(first, second))
                .noneMatch(call -> call.toCompletableFuture().isDone());
    }

    @Test
    void send_callsWithoutKeys_bringTheirNumbersEach() {
        var first = commands.evalBytes(SCRIPT, List.of(), List.of(bytes("1")));
        var second = commands.evalBytes(SCRIPT, List.of(), List.of(bytes("2")));

        commands.send();

        assertThat(redis.texts().get(0)).endsWith(" [] [0, 0, 0, 0, 1, 1, 0, 1, 2]");
        assertThat(List.of(first, second))
                .noneMatch(call -> call.toCompletableFuture().isDone());
    }

    @Test
    void send_callsThatDifferFromTheBeginning_bringAllTheirArguments() {
        var first = evalBytes("a", "1");
        var second = evalBytes("b", "2");

        commands.send();

        assertThat(redis.texts().get(0)).endsWith(" [a, b] [0, 1, 1, 1, 2]");
        assertThat(List.of(first, second))
                .noneMatch(call -> call.toCompletableFuture().isDone());
    }

    @Test
    void send_oneOfTheCallsFails_failsAlone() {
        CompletionStage<byte @Nullable []> first = evalBytes("a", "1");
        CompletionStage<byte @Nullable []> second = evalBytes("b", "1");

        commands.send();
        answer(0, List.of(List.of(0L, bytes("WRONGTYPE no text")), List.of(1L, bytes("two"))));

        assertThatThrownBy(first.toCompletableFuture()::join)
                .cause()
                .isExactlyInstanceOf(RedisException.class)
                .hasMessage("WRONGTYPE no text");
        assertAnswered(second, "two");
    }

    @Test
    void send_callsFailBecauseRedisCannotServe_failAsTheyWouldAlone() {
        List<CompletionStage<byte @Nullable []>> calls =
                List.of(evalBytes("a"), evalBytes("b"), evalBytes("c"), evalBytes("d"));

        commands.send();
        answer(
                0,
                List.of(
                        List.of(0L, bytes("OOM command not allowed when used memory > 'maxmemory'.")),
                        List.of(0L, bytes("READONLY You can't write against a read only replica.")),
                        List.of(0L, bytes("NOREPLICAS Not enough good replicas to write.")),
                        List.of(0L, bytes("ERR other"))));

        List<Class<?>> failures = new ArrayList<>();
        for (CompletionStage<?> call : calls) {
            var unused = call.whenComplete((value, thrown) -> failures.add(thrown.getClass()));
        }
        assertThat(failures)
                .containsExactly(
                        RedisOutOfMemoryException.class,
                        RedisReadonlyException.class,
                        RedisNoReplicasException.class,
                        RedisException.class);
    }

    @Test
    void send_answersAreTooFew_theOthersFail() {
        CompletionStage<byte @Nullable []> first = evalBytes("a");
        CompletionStage<byte @Nullable []> second = evalBytes("b");
        commands.send();

        answer(0, List.of(List.of(1L, bytes("one"))));

        assertAnswered(first, "one");
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    void send_manyCallsOfAScript_goInParts() {
        for (int i = 0; i < MergedCommands.MOST_RUNS_OF_A_SCRIPT + 1; i++) {
            var unused = evalBytes("key " + i);
        }

        commands.send();

        assertThat(redis.texts()).hasSize(2);
        assertThat(redis.texts().get(1)).isEqualTo("evalBytes " + SCRIPT + " [key 32] []");
    }

    @Test
    void send_mergedCallFails_eachFails() {
        List<CompletionStage<?>> calls = List.of(evalBytes("a"), evalBytes("b"));

        commands.send();
        redis.sent.get(0).answer().completeExceptionally(failure);

        assertThat(calls).allSatisfy(call -> assertFailed(call, failure));
    }

    @Test
    void send_callsOfSeveralScriptsAndReads_goByKind() {
        List<CompletionStage<?>> calls = List.of(
                evalBytes("a"),
                commands.evalLong("return 1", List.of("b"), List.of()),
                commands.get("c"),
                evalBytes("d"));

        commands.send();

        assertThat(redis.texts())
                .containsExactly(
                        "get c",
                        "evalList " + MergedScript.of(SCRIPT) + " [a, d] [0, 1, 0]",
                        "evalLong return 1 [b] []");
        assertThat(calls).noneMatch(call -> call.toCompletableFuture().isDone());
    }

    @Test
    void send_oneWrite_goesAlone() {
        CompletionStage<@Nullable Void> write = commands.set("a", bytes("1"), Duration.ofSeconds(1));

        commands.send();

        assertThat(redis.texts()).containsExactly("set a");
        answer(0, null);
        assertThat(write).isCompleted();
    }

    @Test
    void send_severalWrites_goAsOneCallOfAScript() {
        CompletionStage<@Nullable Void> write = commands.set("a", bytes("1"), Duration.ofSeconds(1));
        var unused = commands.set("b", bytes("2"), Duration.ofSeconds(2));

        commands.send();

        assertThat(redis.texts()).hasSize(1);
        assertThat(redis.texts().get(0)).endsWith(" [a, b] [0, 1, 2, 1, 1000, 2, 2000]");
        answer(0, List.of(List.of(1L), List.of(1L)));
        assertThat(write).isCompletedWithValue(null);
    }

    @Test
    void send_clientRefuses_eachFails() {
        IllegalStateException refusal = new IllegalStateException("shut down");
        redis.refusal = refusal;
        List<CompletionStage<?>> calls = List.of(
                commands.get("a"),
                commands.get("b"),
                evalBytes("c"),
                evalBytes("d"),
                commands.evalLong("return 1", List.of("b"), List.of()));

        commands.send();

        assertThat(calls).allSatisfy(call -> assertFailed(call, refusal));
    }

    private CompletionStage<byte @Nullable []> evalBytes(String key, String... arguments) {
        List<byte[]> bytes = new ArrayList<>();
        for (String argument : arguments) {
            bytes.add(bytes(argument));
        }
        return commands.evalBytes(SCRIPT, List.of(key), bytes);
    }

    private void answer(int command, @Nullable Object answer) {
        redis.sent.get(command).answer().complete(answer);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void assertAnswered(CompletionStage<byte @Nullable []> call, String text) {
        assertThat(call).isCompletedWithValueMatching(bytes -> text.equals(new String(bytes, UTF_8)));
    }

    private static void assertFailed(CompletionStage<?> call, Throwable expected) {
        assertThatThrownBy(call.toCompletableFuture()::join).hasCause(expected);
    }
}
