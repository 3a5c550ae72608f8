package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.redisson.client.RedisException;

class RecurringTroubleTest {

    private final RecurringTrouble trouble = new RecurringTrouble();

    private static RedisUnavailableException answered(String text) {
        return new RedisUnavailableException(
                "The call to Redis failed with RedisException.", new RedisException(text), false);
    }

    @Test
    void toTell_sameAnswerOverAnotherConnection_isToldOnce() {
        assertThat(trouble.toTell(answered("WRONGTYPE Operation. channel: [id: 0x57a99e5c] command: (EVAL)")))
                .contains("The call to Redis failed with RedisException."
                        + " (org.redisson.client.RedisException: WRONGTYPE Operation)");
        assertThat(trouble.toTell(new CompletionException(
                        answered("WRONGTYPE Operation. channel: [id: 0x4a075a2d] command: (EVAL)"))))
                .isEmpty();
    }

    @Test
    void toTell_anotherOrAfterItWasOver_isTold() {
        assertThat(trouble.toTell(answered("WRONGTYPE"))).isPresent();
        assertThat(trouble.toTell(new IllegalStateException("broken")))
                .contains("java.lang.IllegalStateException: broken");
        assertThat(trouble.toTell(new IllegalStateException("broken"))).isEmpty();

        trouble.over();
        assertThat(trouble.toTell(new IllegalStateException("broken"))).isPresent();
    }

    @Test
    void toTell_redisAway_isLeftToTheConnection() {
        assertThat(trouble.toTell(new RedisUnavailableException("Redis is away, so the call was not sent.")))
                .isEmpty();
        assertThat(trouble.toTell(new CompletionException(
                        new RedisUnavailableException("Redis gave no answer.", new IllegalStateException("late")))))
                .isEmpty();
    }

    @Test
    void toTell_longText_isShortened() {
        assertThat(trouble.toTell(answered("x".repeat(1_000))).orElseThrow()).hasSize(300);
    }
}
