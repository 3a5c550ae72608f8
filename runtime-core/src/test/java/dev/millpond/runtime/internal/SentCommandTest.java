package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.protocol.RedisCommands;

final class SentCommandTest {

    private final CompletableFuture<Object> second = new CompletableFuture<>();
    private final SentCommand<Object> command =
            new SentCommand<>(RedisCommands.GET, new Object[] {"key"}, this::sendAgain);
    private int sentAgain;

    private CompletionStage<Object> sendAgain() {
        sentAgain++;
        return second;
    }

    @Test
    void passOn_answered_answersTheCaller() {
        command.passOn();

        command.getPromise().complete("one");

        assertThat(command.answer()).isCompletedWithValue("one");
        assertThat(sentAgain).isZero();
    }

    @Test
    void passOn_failed_failsTheCaller() {
        command.passOn();

        command.tryFailure(new RedisException("ERR"));

        assertThat(command.answer()).isCompletedExceptionally();
        assertThat(sentAgain).isZero();
    }

    @Test
    void passOn_scriptNotKnown_answersWithWhatTheSecondCallSays() {
        command.passOn();

        command.tryFailure(new RedisNoScriptException("NOSCRIPT"));

        assertThat(command.answer()).isNotDone();
        second.complete("one");
        assertThat(command.answer()).isCompletedWithValue("one");
        assertThat(sentAgain).isEqualTo(1);
    }

    @Test
    void passOn_scriptNotKnownAndCallerHasGivenUp_isNotSentAgain() {
        command.passOn();

        command.answer().cancel(true);
        command.tryFailure(new RedisNoScriptException("NOSCRIPT"));

        assertThat(sentAgain).isZero();
    }

    @Test
    void passOn_callerGivesUpDuringTheSecondCall_cancelsThat() {
        command.passOn();
        command.tryFailure(new RedisNoScriptException("NOSCRIPT"));

        command.answer().cancel(true);

        assertThat(second).isCancelled();
    }
}
