package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisUrl;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is lost and regained many times; it probes more often than usual, so that this is done soon. */
@Tag("one-jdk")
final class OutageCyclesIT {

    private static final Logger log = LoggerFactory.getLogger(OutageCyclesIT.class);
    /** Tells the clients of this test from others of the same server. */
    private static final String USER = "cycles";

    /** A connection for messages is always there. */
    private static final int SUBSCRIPTIONS = 1;

    /** So many more may be there at one moment than at another, since one that broke is not waited for. */
    private static final int MADE_AT_NEED = 2;

    private static final int CYCLES = 50;
    private static final Duration BUDGET = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final FaultProxy proxy = FaultProxy.to(REDIS.server());
    private final RedisConnection connection = GuardedConnection.start(
            RedisUrl.parse(proxy.url().replace("redis://", "redis://" + USER + ":" + USER + "@")),
            Duration.ofMillis(20));

    @BeforeEach
    void connect() {
        REDIS.server().command("ACL", "SETUSER", USER, "reset", "on", ">" + USER, "~*", "&*", "+@all");
        assertThat(connection.awaitAvailable(LONG)).isTrue();
    }

    @AfterEach
    void close() {
        connection.close();
        proxy.close();
        REDIS.server().command("ACL", "DELUSER", USER);
    }

    @Test
    void lostAndRegained_fiftyTimes_leavesNoThreadAndNoConnectionBehind() {
        lose(2); // threads and connections that are made at need are there now
        Count before = settled();

        lose(CYCLES);

        log.info("Before {} cycles: {}, at once after them: {}", CYCLES, before, Count.of(proxy));
        await().atMost(LONG).untilAsserted(() -> assertAsMany(Count.of(proxy), before));
    }

    /** What is made at need ends when it has not been needed for ten seconds, so there may be less as well. */
    private static void assertAsMany(Count after, Count before) {
        assertThat(after.threads).as("threads").isLessThanOrEqualTo(before.threads);
        assertThat(after.connections)
                .as("connections")
                .isBetween(SafeSettings.POOL_IDLE + SUBSCRIPTIONS, before.connections + MADE_AT_NEED);
        assertThat(after.clients).as("clients of the server").isEqualTo(after.connections);
    }

    private void lose(int times) {
        Consumer<FaultProxy> refuse = FaultProxy::refuse;
        Consumer<FaultProxy> cut = FaultProxy::blackhole;
        IntStream.range(0, times).forEach(i -> loseBy(i % 5 == 0 ? cut : refuse));
    }

    private void loseBy(Consumer<FaultProxy> fault) {
        fault.accept(proxy);
        await().pollInterval(Duration.ofMillis(10)).atMost(LONG).until(() -> !answered() && !connection.available());
        proxy.restore();
        assertThat(connection.awaitAvailable(LONG)).isTrue();
        await().pollInterval(Duration.ofMillis(10)).atMost(LONG).until(this::answered);
    }

    private boolean answered() {
        try {
            connection
                    .guard()
                    .call(
                            BUDGET,
                            client -> client.getBucket("key", StringCodec.INSTANCE)
                                    .getAsync());
            return true;
        } catch (RedisUnavailableException e) {
            return false;
        }
    }

    /** Returns what is there when nothing is being connected or closed any more. */
    private Count settled() {
        AtomicReference<Count> last = new AtomicReference<>(Count.of(proxy));
        await().atMost(LONG).pollInterval(Duration.ofMillis(200)).until(() -> {
            Count now = Count.of(proxy);
            return now.equals(last.getAndSet(now));
        });
        return Objects.requireNonNull(last.get());
    }

    /**
     * What a connection has.
     *
     * @param threads of the client, and of its guard
     * @param connections that it has open
     * @param clients that the server knows by the user's name
     */
    private record Count(long threads, int connections, long clients) {

        static Count of(FaultProxy proxy) {
            return new Count(liveThreads(), proxy.openConnections(), clientsOfServer());
        }

        private static long liveThreads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("redisson") || name.startsWith("millpond-redis"))
                    .count();
        }

        private static long clientsOfServer() {
            return String.valueOf(REDIS.server().command("CLIENT", "LIST"))
                    .lines()
                    .filter(line -> line.contains(" user=" + USER + " "))
                    .count();
        }
    }
}
