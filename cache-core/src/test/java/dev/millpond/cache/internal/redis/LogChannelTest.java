package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LogChannelTest {

    private final LogRedis redis = new LogRedis();
    private final FakeTicker ticker = new FakeTicker();
    private final LogChannel channel = new LogChannel(redis, LogRedis.KEYS.channel(), Duration.ofMillis(300), ticker);
    private final List<String> heard = new ArrayList<>();

    @Test
    void subscribe_again_listensOnce() {
        channel.subscribe(heard::add);
        channel.subscribe(heard::add);

        redis.deliver("hello");

        assertThat(heard).containsExactly("hello");
        assertThat(redis.subscriptions).hasValue(1);
    }

    @Test
    void subscribe_refused_triesAgain() {
        redis.subscribing = CompletableFuture.failedFuture(new IllegalStateException("NOPERM"));
        assertThatThrownBy(() -> channel.subscribe(heard::add)).hasRootCauseMessage("NOPERM");
        redis.subscribing = null;

        channel.subscribe(heard::add);

        assertThat(redis.subscriptions).hasValue(2);
        assertThat(redis.listeners).hasSize(1);
    }

    /** With a second attempt each message would come twice, and one listener would stay for good. */
    @Test
    void subscribe_lastAttemptTakesTooLong_waitsForThat() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        redis.subscribing = answer;
        redis.answering(false);
        assertThatThrownBy(() -> channel.subscribe(heard::add)).isInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> channel.subscribe(heard::add)).isInstanceOf(RedisUnavailableException.class);
        answer.complete(null);
        redis.answering(true);

        channel.subscribe(heard::add);

        assertThat(redis.subscriptions).hasValue(1);
        assertThat(redis.listeners).hasSize(1);
    }

    @Test
    void subscribe_lastAttemptNeverEnds_triesAgainAfterAWhile() {
        var unused = hang();
        ticker.advance(LogChannel.LONGEST_ATTEMPT.minusNanos(1));
        assertThatThrownBy(() -> channel.subscribe(heard::add)).isInstanceOf(RedisUnavailableException.class);
        assertThat(redis.subscriptions).hasValue(1);
        ticker.advance(Duration.ofNanos(1));
        redis.subscribing = null;
        redis.answering(true);

        channel.subscribe(heard::add);
        redis.deliver("hello");

        assertThat(redis.subscriptions).hasValue(2);
        assertThat(heard).containsExactly("hello");
    }

    @Test
    void subscribe_givenUpAttemptSucceedsAfterAll_isEnded() {
        CompletableFuture<Void> answer = hang();
        ticker.advance(LogChannel.LONGEST_ATTEMPT);
        redis.subscribing = null;
        redis.answering(true);
        channel.subscribe(heard::add);

        answer.complete(null);
        redis.deliver("hello");

        assertThat(redis.listeners).hasSize(1);
        assertThat(heard).containsExactly("hello");
    }

    @Test
    void subscribe_longAgo_isNotTriedAgain() {
        channel.subscribe(heard::add);
        ticker.advance(LogChannel.LONGEST_ATTEMPT.multipliedBy(2));

        channel.subscribe(heard::add);

        assertThat(redis.subscriptions).hasValue(1);
    }

    /** Begins an attempt that is not answered. */
    private CompletableFuture<Void> hang() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        redis.subscribing = answer;
        redis.answering(false);
        assertThatThrownBy(() -> channel.subscribe(heard::add)).isInstanceOf(RedisUnavailableException.class);
        return answer;
    }

    @Test
    void subscribe_closed_doesNothing() {
        channel.close();

        channel.subscribe(heard::add);

        assertThat(redis.subscriptions).hasValue(0);
    }

    @Test
    void close_listening_stops() {
        channel.subscribe(heard::add);

        channel.close();

        assertThat(redis.listeners).isEmpty();
        assertThat(redis.onAvailable).isEmpty();
    }

    @Test
    void close_redisAway_passesNothingOnAndStopsWhenItReturns() {
        channel.subscribe(heard::add);
        redis.available(false);

        channel.close();
        redis.deliver("hello");

        assertThat(heard).isEmpty();
        assertThat(redis.listeners).hasSize(1);
        redis.available(true);
        assertThat(redis.listeners).isEmpty();
        assertThat(redis.onAvailable).isEmpty();
    }

    @Test
    void close_redisAway_holdsOnToNoListener() {
        WeakReference<List<String>> listener = listen();
        redis.available(false);

        channel.close();

        await().until(() -> {
            System.gc();
            return listener.refersTo(null);
        });
        assertThat(redis.listeners).hasSize(1);
    }

    private WeakReference<List<String>> listen() {
        List<String> listener = new ArrayList<>();
        channel.subscribe(listener::add);
        return new WeakReference<>(listener);
    }

    @Test
    void close_redisGoesAwayAgainAtOnce_stopsAtTheNextReturn() {
        channel.subscribe(heard::add);
        redis.available(false);
        channel.close();
        redis.answering(false);
        redis.available(true);
        assertThat(redis.onAvailable).hasSize(1);
        redis.available(false);
        redis.answering(true);

        redis.available(true);

        assertThat(redis.listeners).isEmpty();
        assertThat(redis.onAvailable).isEmpty();
    }

    @Test
    void close_whileItBeginsToListen_stopsOnceItListens() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        redis.subscribing = answer;
        redis.answering(false);
        assertThatThrownBy(() -> channel.subscribe(heard::add)).isInstanceOf(RedisUnavailableException.class);
        redis.answering(true);

        channel.close();
        answer.complete(null);

        assertThat(redis.listeners).isEmpty();
    }
}
