package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.Servers;
import dev.millpond.cache.spi.InvalidationLog.Follower;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log over a real Redis: order, catching up, and what a lost log comes to; one subclass per topology. */
abstract class RedisInvalidationLogContract {

    private static final Duration BUDGET = Duration.ofSeconds(2);
    private static final LogKeys KEYS = LogKeys.of("test");

    private final Servers redis;
    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisConnection connection;

    RedisInvalidationLogContract(Servers redis) {
        this.redis = redis;
    }

    @BeforeEach
    void connect() {
        redis.flush();
        connection = redis.connect();
        open.add(connection);
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private RedisServer server() {
        return redis.masterOf(KEYS.table());
    }

    private LogClient client() {
        return new LogClient(connection.guard(), KEYS, BUDGET, Ticker.systemTicker());
    }

    private RedisInvalidationLog node(Recorder recorder) {
        RedisInvalidationLog log = new RedisInvalidationLog(
                connection.guard(), client(), Ticker.systemTicker(), Duration.ofMillis(50), "test", new Releases());
        open.add(log);
        log.start(recorder);
        await().until(() -> recorder.confirmations() > 0);
        return log;
    }

    @Test
    void append_isAppliedHereBeforeItReturnsAndElsewhereSoon() {
        Recorder here = new Recorder();
        Recorder there = new Recorder();
        RedisInvalidationLog log = node(here);
        node(there);

        assertThat(log.append(List.of("a", "b"))).isEqualTo(1);
        assertThat(here.copy()).containsExactly("1 a,b");
        assertThat(log.append(List.of("c"))).isEqualTo(2);

        await().untilAsserted(() -> assertThat(there.copy()).containsExactly("1 a,b", "2 c"));
    }

    @Test
    void append_fromTwoNodes_isSeenInOneOrder() {
        Recorder one = new Recorder();
        Recorder two = new Recorder();
        RedisInvalidationLog first = node(one);
        RedisInvalidationLog second = node(two);
        IntStream.range(0, 100).parallel().forEach(i -> (i % 2 == 0 ? first : second).append(List.of("n" + i)));

        await().untilAsserted(() -> assertThat(one.copy()).hasSize(100).isEqualTo(two.copy()));
    }

    @Test
    void start_logExists_readsAllOfIt() {
        LogClient client = client();
        for (int i = 1; i <= 2_500; i++) {
            UninterruptedCalls.await(client.append(List.of("n" + i), "none", 0));
        }
        Recorder late = new Recorder();

        node(late);

        await().untilAsserted(() -> assertThat(late.copy()).hasSize(2_500).endsWith("2500 n2500"));
    }

    /** More names than the log keeps, in records that are large for one answer. */
    @Test
    void start_logExistsAndIsFull_readsAllThatItHas() {
        LogClient client = client();
        for (int part = 0; part < 200; part++) {
            int first = part * Parts.MOST_AT_ONCE;
            UninterruptedCalls.await(client.append(
                    IntStream.range(first, first + Parts.MOST_AT_ONCE)
                            .mapToObj(i ->
                                    "k:a-cache:a-key-that-is-as-long-as-keys-with-a-few-parts-are-now-and-then-" + i)
                            .toList(),
                    "none",
                    0));
        }
        Recorder late = new Recorder();

        node(late);

        await().until(() -> late.applied() == 200);
        assertThat(late.names()).isBetween(39_000L, 40_000L);
        assertThat(server().command("HLEN", "{mp:test}:t")).isEqualTo(5L);
    }

    @Test
    void append_threadInterrupted_isSentAndTheThreadStaysInterrupted() {
        Recorder here = new Recorder();
        Recorder there = new Recorder();
        RedisInvalidationLog log = node(here);
        node(there);
        Thread.currentThread().interrupt();

        long sequence = log.append(List.of("a"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(sequence).isEqualTo(1);
        assertThat(log.progress().pending()).isZero();
        await().untilAsserted(() -> assertThat(there.copy()).containsExactly("1 a"));
    }

    @Test
    void poll_logDeleted_beginsANewEpoch() {
        Recorder recorder = new Recorder();
        RedisInvalidationLog log = node(recorder);
        log.append(List.of("a"));
        String before = recorder.epoch();

        redis.flush();

        await().untilAsserted(() -> assertThat(recorder.epoch()).isNotEqualTo(before));
        assertThat(log.append(List.of("b"))).isEqualTo(1);
    }

    @Test
    void poll_streamDeletedAlone_forgetsWhatItCannotKnow() {
        Recorder recorder = new Recorder();
        RedisInvalidationLog log = node(recorder);
        log.append(List.of("a"));
        UninterruptedCalls.await(client().append(List.of("b"), "none", 0));
        await().until(() -> recorder.applied() == 2);
        int resets = recorder.resets();
        Recorder late = new Recorder();
        server().command("DEL", KEYS.log());

        node(late);

        assertThat(late.applied()).isEqualTo(2);
        assertThat(late.copy()).isEmpty();
        assertThat(recorder.resets()).isEqualTo(resets);
    }

    @Test
    void append_scriptsForgotten_goesOn() {
        Recorder recorder = new Recorder();
        RedisInvalidationLog log = node(recorder);
        log.append(List.of("a"));
        server().command("SCRIPT", "FLUSH");

        assertThat(log.append(List.of("b"))).isEqualTo(2);
    }

    @Test
    void onMessage_nonsense_isIgnored() {
        Recorder recorder = new Recorder();
        RedisInvalidationLog log = node(recorder);
        server().command("PUBLISH", KEYS.channel(), "nonsense");
        server().command("PUBLISH", KEYS.channel(), "none|x|y");

        assertThat(log.append(List.of("a"))).isEqualTo(1);
    }

    /** A follower that writes down what it is told. */
    private static final class Recorder implements Follower {

        private final List<String> applied = new ArrayList<>();
        private long names;
        private String epoch = "none";
        private long sequence;
        private int resets;
        private int confirmations;

        @Override
        public synchronized String epoch() {
            return epoch;
        }

        @Override
        public synchronized long applied() {
            return sequence;
        }

        @Override
        public synchronized void apply(long next, Collection<String> invalidated) {
            if (next == sequence + 1) {
                applied.add(next + " " + String.join(",", invalidated));
                names += invalidated.size();
                sequence = next;
            }
        }

        @Override
        public synchronized void reset(String newEpoch, long floor) {
            epoch = newEpoch;
            sequence = floor;
            resets++;
        }

        @Override
        public synchronized void distrust() {
            confirmations = 0;
        }

        @Override
        public synchronized void confirm(long nanoTime) {
            confirmations++;
        }

        private synchronized List<String> copy() {
            return List.copyOf(applied);
        }

        private synchronized long names() {
            return names;
        }

        private synchronized int resets() {
            return resets;
        }

        private synchronized int confirmations() {
            return confirmations;
        }
    }
}
