package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.internal.RecordedLog;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log of one node between an unreliable Redis and its follower; polls happen only when something wakes it. */
class RedisInvalidationLogTest {

    private final LogRedis redis = new LogRedis();
    private final RecordingFollower follower = new RecordingFollower();
    private final RedisInvalidationLog log = new RedisInvalidationLog(
            redis, redis.client(), Ticker.disabledTicker(), Duration.ofHours(1), "test", new Releases());

    @AfterEach
    void close() {
        log.close();
    }

    /** Two polls, one because the log starts and one because Redis is there, and none of them under way any more. */
    private void start() {
        log.start(follower);
        await().until(() -> Collections.frequency(follower.events, "confirm 0") == 2);
    }

    private void awaitIdle() {
        int polls = redis.polls.get();
        redis.available(true);
        await().until(() -> redis.polls.get() > polls);
    }

    @Test
    void start_redisThere_listensAndConfirms() {
        start();

        assertThat(redis.listeners).hasSize(1);
        assertThat(follower.events).startsWith("reset 0", "confirm 0");
    }

    @Test
    void start_redisAway_waitsForIt() {
        redis.available(false);
        log.start(follower);
        assertThat(follower.events).isEmpty();

        redis.available(true);

        await().until(() -> follower.events.contains("confirm 0"));
    }

    @Test
    void close_started_isNoLongerCalledWhenRedisReturns() {
        start();
        assertThat(redis.onAvailable).hasSize(1);

        log.close();

        assertThat(redis.onAvailable).isEmpty();
    }

    @Test
    void poll_failsWithAnError_isMadeAgain() {
        start();
        int polls = redis.polls.get();
        RecordingFollower failing = new RecordingFollower();
        failing.failure = new OutOfMemoryError("Java heap space");
        try (RedisInvalidationLog often = new RedisInvalidationLog(
                redis, redis.client(), Ticker.disabledTicker(), Duration.ofMillis(1), "test", new Releases())) {
            often.start(failing);

            await().until(() -> redis.polls.get() > polls + 5);
            assertThat(failing.failure).isNull();
        }
    }

    @Test
    void append_redisThere_isAppliedWhenItReturns() {
        start();

        assertThat(log.append(List.of("t:a", "t:b"))).isEqualTo(1);

        assertThat(follower.events).contains("apply 1 [t:a, t:b]");
        assertThat(redis.published).singleElement().asString().endsWith("|1|t:a\nt:b");
    }

    /** Else that thread would bring no answers meanwhile, not even the one that it waits for. */
    @Test
    void append_onAThreadThatBringsAnswers_doesNotWaitAndIsSentByAnother() throws Exception {
        start();
        AtomicLong number = new AtomicLong();
        Thread network = new Thread(() -> number.set(log.append(List.of("t:a"))), "redisson-netty-1-1");

        network.start();
        network.join();

        assertThat(number).hasValue(-1);
        await().until(() -> redis.published.size() == 1);
        await().untilAsserted(() ->
                assertThat(follower.events).containsSubsequence("distrust", "apply 1 [t:a]", "confirm 0"));
    }

    @Test
    void append_behind_catchesUpFirst() {
        start();
        redis.appendElsewhere("t:missed");

        assertThat(log.append(List.of("t:own"))).isEqualTo(2);

        assertThat(follower.events).containsSubsequence("apply 1 [t:missed]", "apply 2 [t:own]");
    }

    @Test
    void append_redisAway_distrustsAndIsSentLater() {
        start();
        redis.available(false);
        follower.events.clear();

        try (RecordedLog lines = new RecordedLog("redis.RedisInvalidationLog")) {
            assertThat(log.append(List.of("t:a"))).isEqualTo(-1);
            assertThat(log.append(List.of("t:b"))).isEqualTo(-1);
            assertThat(lines.lines())
                    .containsExactly(
                            "WARN An invalidation could not be sent to Redis. It is kept and sent later; until then"
                                    + " this node's caches answer from their loaders. The test made Redis unavailable.");
        }
        assertThat(follower.events).containsExactly("distrust", "distrust");
        redis.available(true);

        await().until(() -> follower.events.contains("confirm 0"));
        assertThat(follower.events)
                .containsExactly("distrust", "distrust", "apply 1 [t:a]", "apply 2 [t:b]", "confirm 0");
    }

    @Test
    void append_manyNamesWithoutAnAnswer_waitsForOneAnswerOnly() {
        start();
        List<String> names = names(2_500);
        redis.answering(false);
        redis.calls.set(0);

        assertThat(log.append(names)).isEqualTo(-1);

        assertThat(redis.calls).hasValue(1);
        assertThat(log.progress().pending()).isEqualTo(2_500);
        redis.answering(true);
        redis.available(true);
        await().until(() -> log.progress().pending() == 0);
        assertThat(redis.published.stream().flatMap(message -> LogRecord.parse(message).names().stream()))
                .containsAll(names);
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "t:" + i).toList();
    }

    /** Those that share a record must not return before it is applied. */
    @Test
    void append_manyThreadsAtOnce_eachIsAppliedWhenItReturns() throws Exception {
        start();
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<Future<Boolean>> known = names(600).stream()
                    .map(name -> threads.submit(() -> log.append(List.of(name)) > 0 && isApplied(name)))
                    .toList();
            for (Future<Boolean> each : known) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(follower.events).doesNotContain("distrust");
    }

    private boolean isApplied(String name) {
        return follower.events.stream().anyMatch(event -> event.matches("apply .*[\\[ ]" + name + "[,\\]].*"));
    }

    @Test
    void append_threadInterrupted_isAppliedAndTheThreadStaysInterrupted() {
        start();
        redis.appendElsewhere("t:missed");
        Thread.currentThread().interrupt();

        long sequence = log.append(List.of("t:own"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(sequence).isEqualTo(2);
        assertThat(follower.events)
                .containsSubsequence("apply 1 [t:missed]", "apply 2 [t:own]")
                .doesNotContain("distrust");
    }

    @Test
    void progress_moreThanIsKept_countsWhatTheNewStartStandsFor() {
        start();
        redis.available(false);

        log.append(names(12_345));

        assertThat(log.progress().pending()).isEqualTo(12_345);
        redis.available(true);
        await().until(() -> log.progress().pending() == 0);
    }

    @Test
    void message_next_isApplied() {
        start();
        redis.appendElsewhere("t:a");

        redis.deliver(redis.published.get(0));

        assertThat(follower.events).contains("apply 1 [t:a]");
    }

    @Test
    void message_afterAGap_wakesThePoll() {
        start();
        redis.appendElsewhere("t:missed");
        redis.appendElsewhere("t:a");

        redis.deliver(redis.published.get(1));

        await().until(() -> follower.events.contains("apply 2 [t:a]"));
    }

    @Test
    void message_foreign_isIgnored() {
        start();

        redis.deliver("hello");
        redis.deliver("");

        assertThat(follower.events).doesNotContain("distrust");
    }

    @Test
    void message_manyAfterAGap_wakeOnePollEachTime() {
        start();
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch polling = new CountDownLatch(1);
        awaitIdle();
        redis.beforePoll = () -> {
            polling.countDown();
            awaitQuietly(goOn);
        };
        redis.appendElsewhere("t:missed");
        for (int i = 0; i < 500; i++) {
            redis.appendElsewhere("t:" + i);
        }
        int before = redis.polls.get();

        redis.published.subList(1, 501).forEach(redis::deliver);
        awaitQuietly(polling);
        redis.published.subList(1, 501).forEach(redis::deliver);
        goOn.countDown();

        await().until(() -> follower.applied() == 501);
        awaitIdle();
        assertThat(redis.polls.get() - before).isLessThanOrEqualTo(4);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void close_messagesAndRecoveriesAfterIt_areHarmless() {
        start();

        log.close();
        redis.appendElsewhere("t:a");
        redis.appendElsewhere("t:b");
        redis.deliver(redis.published.get(1));
        redis.available(true);

        assertThat(redis.listeners).isEmpty();
    }

    @Test
    void close_invalidationsNotSent_saysHowMany() {
        start();
        redis.available(false);
        log.append(names(3));

        assertThat(linesOfClosing())
                .containsExactly("WARN 3 invalidated names could not be sent to Redis before the end; other nodes may"
                        + " answer with what they have until it expires.");
    }

    @Test
    void close_moreInvalidationsNotSentThanAreKept_saysHowMany() {
        start();
        redis.available(false);
        log.append(names(10_001));

        assertThat(linesOfClosing())
                .containsExactly("WARN 10001 invalidated names could not be sent to Redis before the end; other nodes"
                        + " may answer with what they have until it expires.");
    }

    private List<String> linesOfClosing() {
        try (RecordedLog lines = new RecordedLog("redis.RedisInvalidationLog")) {
            log.close();
            log.close();
            return lines.lines();
        }
    }

    @Test
    void append_closedAndRedisAway_saysOnceThatItIsLost() {
        start();
        log.close();
        redis.available(false);

        try (RecordedLog lines = new RecordedLog("redis.RedisInvalidationLog")) {
            assertThat(log.append(List.of("t:a"))).isEqualTo(-1);
            assertThat(log.append(List.of("t:b"))).isEqualTo(-1);
            assertThat(lines.lines())
                    .containsExactly("WARN An invalidation could not be sent to Redis, and nothing will send it later,"
                            + " because the cache registry of namespace 'test' is closed: other nodes may answer with"
                            + " what they have until it expires. Close the registry after its last use. The test made"
                            + " Redis unavailable.");
        }
    }

    @Test
    void append_closedAndRedisThere_isSent() {
        start();
        log.close();

        assertThat(log.append(List.of("t:a"))).isEqualTo(1);
    }

    @Test
    void close_redisAway_doesNothingMoreAndLetsGoOfTheChannelWhenItReturns() {
        start();
        redis.available(false);
        follower.events.clear();

        assertThat(linesOfClosing()).isEmpty();
        redis.deliver(redis.appendElsewhereWhileAway("t:a"));
        assertThat(follower.events).isEmpty();
        redis.available(true);

        assertThat(redis.listeners).isEmpty();
        assertThat(redis.onAvailable).isEmpty();
    }

    /** The poller is told to end while it waits for Redis, and a poll that Redis then fails is nobody's trouble. */
    @Test
    void close_whilePolling_warnsOfNothing() {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch polling = new CountDownLatch(1);
        start();
        awaitIdle();
        redis.beforePoll = () -> {
            polling.countDown();
            awaitQuietly(goOn);
            throw new RedisUnavailableException("The test lets this poll fail.");
        };
        redis.onAvailable.forEach(Runnable::run);
        awaitQuietly(polling);
        redis.polls.set(0);

        try (RecordedLog lines = new RecordedLog("redis.RedisInvalidationLog")) {
            log.close();
            goOn.countDown();
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("millpond-invalidations-test")));
            assertThat(lines.lines()).isEmpty();
        }
    }

    @Test
    void check_redisAway_doesNotPass() {
        log.start(new RecordingFollower());
        redis.available(false);

        assertThat(log.check().passed()).isFalse();
    }

    @Test
    void progress_invalidationNotSent_isPending() {
        log.start(new RecordingFollower());
        redis.available(false);

        log.append(List.of("t:a", "t:b"));

        assertThat(log.progress().pending()).isEqualTo(2);
    }
}
