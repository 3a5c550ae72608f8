package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which thread makes a decision of which another one brings the answer, and tells the listeners. */
@Timeout(20)
class DecidingThreadTest {

    private static final Client CLIENT = Client.ofAddress("192.0.2.1");

    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final ScriptedEngine engine = new ScriptedEngine();
    private final List<Thread> deciding = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> ended = Collections.synchronizedList(new ArrayList<>());
    private final Thread caller = Thread.currentThread();
    private final Thread answering = OnceWaiting.thread(caller, () -> ready.complete(null));
    private final RateLimiter limiter;

    DecidingThreadTest() {
        engine.ready = ready;
        LimiterBuilder builder = new LimiterBuilder();
        builder.secret("sixteen-letters!")
                .listener((decision, latency) -> deciding.add(Thread.currentThread()))
                .observer(() -> (decision, failure) -> ended.add(Thread.currentThread()));
        limiter = builder.build(engine);
    }

    @AfterEach
    void awaitAnswer() throws Exception {
        answering.join();
    }

    @Test
    void tryAcquire_answerOfAnotherThread_decidesOnTheCallers() {
        answering.start();

        assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED);

        assertThat(deciding).containsExactly(caller);
    }

    @Test
    void tryAcquire_failureOnAnotherThread_decidesOnTheCallers() {
        engine.failure = new RedisUnavailableException("away");
        answering.start();

        assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED_DEGRADED);

        assertThat(deciding).containsExactly(caller);
    }

    @Test
    void tryAcquire_inShadowMode_decidesOnTheCallers() {
        limiter.changeRules(rules -> rules.withMode(RateLimitMode.SHADOW));
        answering.start();

        assertThat(limiter.tryAcquire(CLIENT, 1).outcome()).isEqualTo(Outcome.ALLOWED);

        assertThat(deciding).containsExactly(caller);
        assertThat(ended).containsExactly(caller);
    }

    @Test
    void acquire_answerOfAnotherThread_decidesOnTheCallers() throws Exception {
        answering.start();

        assertThat(limiter.acquire(CLIENT, 1, Duration.ZERO).outcome()).isEqualTo(Outcome.ALLOWED);

        assertThat(deciding).containsExactly(caller);
    }

    @Test
    void tryAcquireAsync_answerOfAnotherThread_decidesThere() {
        CompletionStage<?> decision = limiter.tryAcquireAsync(CLIENT, 1);
        assertThat(deciding).isEmpty();
        answering.start();

        decision.toCompletableFuture().join();

        assertThat(deciding).containsExactly(answering);
    }
}
