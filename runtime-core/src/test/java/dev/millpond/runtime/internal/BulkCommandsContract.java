package dev.millpond.runtime.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.spi.BulkCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.config.Config;

/** What commands do, whoever sends them. */
abstract class BulkCommandsContract {

    static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
    static final String COUNT = "return redis.call('INCR', KEYS[1])";

    private static final String KEY = "commands:key";
    private static final String OTHER = "commands:other";
    private static final String PUSH = "return redis.call('LPUSH', KEYS[1], ARGV[1])";
    private static final String TIME_LEFT = "return redis.call('PTTL', KEYS[1])";
    private static final String FAIL = "return redis.error_reply('ERR no ' .. KEYS[1])";
    private static final String TELL = "return {KEYS[1], ARGV[1], 7}";

    RedissonClient client;
    BulkCommands commands;

    abstract Config config();

    abstract BulkCommands commandsOf(RedissonClient connected);

    abstract void forgetScripts();

    abstract void flush();

    @BeforeEach
    void connect() {
        flush();
        Config config = config();
        SafeSettings.apply(config);
        client = Redisson.create(config);
        commands = commandsOf(client);
    }

    @AfterEach
    void disconnect() {
        client.shutdown();
    }

    @Test
    void get_absent_answersNull() {
        assertThat(answer(commands.get(KEY))).isNull();
    }

    @Test
    void set_always_storesBytesForItsTime() {
        var unused = answer(commands.set(KEY, bytes("one"), Duration.ofMinutes(1)));

        assertThat(answer(commands.get(KEY))).isEqualTo(bytes("one"));
        assertThat(answer(commands.evalLong(TIME_LEFT, List.of(KEY), List.of())))
                .isBetween(1L, 60_000L);
    }

    @Test
    void get_keyOfAnotherType_failsWithWhatRedisSays() {
        var unused = answer(commands.evalLong(PUSH, List.of(KEY), List.of(bytes("x"))));

        assertFails(commands.get(KEY), "WRONGTYPE");
    }

    @Test
    void getAll_someAbsentOrOfAnotherType_answersInTheOrderOfTheKeys() {
        var unusedOne = answer(commands.set(KEY, bytes("one"), LONG_ENOUGH));
        var unusedOther = answer(commands.evalLong(PUSH, List.of(OTHER), List.of(bytes("x"))));

        List<byte @Nullable []> answers = answer(commands.getAll(List.of("commands:absent", KEY, OTHER, KEY)));

        assertThat(answers).containsExactly(null, bytes("one"), null, bytes("one"));
    }

    @Test
    void getAll_noKeys_answersNothing() {
        assertThat(answer(commands.getAll(List.of()))).isEmpty();
    }

    @Test
    void eval_always_answersAsItsTypeSays() {
        assertThat(answer(commands.evalBytes("return ARGV[1]", List.of(KEY), List.of(bytes("one")))))
                .isEqualTo(bytes("one"));
        assertThat(answer(commands.evalBytes("return false", List.of(KEY), List.of())))
                .isNull();
        assertThat(answer(commands.evalList(TELL, List.of(KEY), List.of(bytes("one")))))
                .containsExactly(bytes(KEY), bytes("one"), 7L);
    }

    @Test
    void eval_withoutKeys_runs() {
        assertThat(answer(commands.evalLong("return 3", List.of(), List.of()))).isEqualTo(3L);
    }

    @Test
    void eval_scriptFails_failsWithWhatItSays() {
        assertFails(commands.evalLong(FAIL, List.of(KEY), List.of()), "no " + KEY);
    }

    @Test
    void eval_scriptForgotten_runsOnce() {
        assertThat(count()).isEqualTo(1L);

        forgetScripts();

        assertThat(count()).isEqualTo(2L);
    }

    @Test
    void get_clientShutDown_fails() {
        var unused = answer(commands.get(KEY));

        client.shutdown();

        assertThat(commands.get(KEY).toCompletableFuture()).failsWithin(LONG_ENOUGH);
    }

    private long count() {
        return answer(commands.evalLong(COUNT, List.of(KEY), List.of()));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static <T extends @Nullable Object> T answer(CompletionStage<T> stage) {
        CompletableFuture<T> answer = stage.toCompletableFuture();
        assertThat(answer).succeedsWithin(LONG_ENOUGH);
        return answer.join();
    }

    private static void assertFails(CompletionStage<?> answer, String text) {
        assertThat(answer.toCompletableFuture())
                .failsWithin(LONG_ENOUGH)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(RedisException.class)
                .withMessageContaining(text);
    }
}
