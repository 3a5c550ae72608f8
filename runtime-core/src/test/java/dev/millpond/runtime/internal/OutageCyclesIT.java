package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisUrl;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection with switches and jobs that is lost and regained many times; it probes more often than usual, so that
 * this is done soon.
 */
@Tag("one-jdk")
final class OutageCyclesIT {

    private static final Logger log = LoggerFactory.getLogger(OutageCyclesIT.class);
    /** Tells the clients of this test from others of the same server. */
    private static final String USER = "cycles";

    /** A connection for messages is always there. */
    private static final int SUBSCRIPTIONS = 1;

    /** So many more may be there at one moment than at another, since one that broke is not waited for. */
    private static final int MADE_AT_NEED = 2;

    private static final String NAMESPACE = "cycles";
    private static final List<String> CHANNELS = List.of(NAMESPACE + ":switches", NAMESPACE + ":jobs");

    /**
     * Of messages, and of the beginning of a subscription: for switches that are set, for those that are kept, and for
     * orders to jobs.
     */
    private static final long LISTENERS = 2 * 3;

    private static final long UNKNOWN = -1;

    /** The test's own, of which there are as many as connections. */
    private static final String OF_THE_PROXY = "millpond-fault-proxy";

    private static final int CYCLES = 50;
    private static final Duration BUDGET = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final FaultProxy proxy = FaultProxy.to(REDIS.server());
    private final RedisConnection connection = GuardedConnection.start(
            RedisUrl.parse(proxy.url().replace("redis://", "redis://" + USER + ":" + USER + "@")),
            Duration.ofMillis(20));
    private final Switches switches =
            Switches.builder().redis(connection).namespace(NAMESPACE).build();
    private final AtomicInteger runs = new AtomicInteger();
    private final Jobs jobs = Jobs.builder()
            .redis(connection)
            .namespace(NAMESPACE)
            .job(Job.of("count", run -> Map.of("runs", (long) runs.incrementAndGet()))
                    .every(Duration.ofMillis(100)))
            .concurrency(1)
            .build();

    @BeforeEach
    void connect() {
        REDIS.server().command("ACL", "SETUSER", USER, "reset", "on", ">" + USER, "~*", "&*", "+@all");
        assertThat(connection.awaitAvailable(LONG)).isTrue();
        jobs.start();
        await().atMost(LONG).until(() -> listeners() == LISTENERS);
    }

    @AfterEach
    void close() {
        jobs.close();
        switches.close();
        connection.close();
        proxy.close();
        REDIS.server().command("ACL", "DELUSER", USER);
    }

    @Test
    void lostAndRegained_fiftyTimes_leavesNoThreadAndNoConnectionBehind() {
        lose(2); // threads and connections that are made at need are there now
        Count before = settled();

        int runsBefore = runs.get();

        lose(CYCLES);

        log.info("Before {} cycles: {}, at once after them: {}", CYCLES, before, count());
        await().atMost(LONG).untilAsserted(() -> assertAsMany(count(), before));
        assertThat(runs).as("runs of the job").hasValueGreaterThan(runsBefore);
    }

    /**
     * What is made at need ends when it has not been needed for ten seconds, and a subscription may come back as late,
     * so there may be less as well.
     */
    private static void assertAsMany(Count after, Count before) {
        assertThat(after.threads).as("threads").isLessThanOrEqualTo(before.threads);
        assertThat(after.connections)
                .as("connections")
                .isBetween(SafeSettings.POOL_IDLE + SUBSCRIPTIONS, before.connections + MADE_AT_NEED);
        assertThat(after.clients).as("clients of the server").isEqualTo(after.connections);
        assertThat(after.listeners).as("listeners").isEqualTo(LISTENERS);
        assertThat(after.subscribers).as("subscribers of the server").isLessThanOrEqualTo(CHANNELS.size());
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
        return ask(client -> client.getBucket("key", StringCodec.INSTANCE).isExistsAsync())
                .isPresent();
    }

    private <T> Optional<T> ask(Function<RedissonClient, CompletionStage<T>> command) {
        try {
            return Optional.of(connection.guard().call(BUDGET, command));
        } catch (RedisUnavailableException e) {
            return Optional.empty();
        }
    }

    private long listeners() {
        return ask(client -> CompletableFuture.completedFuture(listeners(client)))
                .orElse(UNKNOWN);
    }

    private static long listeners(RedissonClient client) {
        return CHANNELS.stream()
                .mapToLong(channel ->
                        client.getTopic(channel, StringCodec.INSTANCE).countListeners())
                .sum();
    }

    private Count count() {
        return new Count(
                Count.liveThreads(),
                proxy.openConnections(),
                Count.clientsOfServer(),
                listeners(),
                Count.subscribersOfServer());
    }

    /** Returns what is there when nothing is being connected or closed any more. */
    private Count settled() {
        AtomicReference<Count> last = new AtomicReference<>(count());
        await().atMost(LONG).pollInterval(Duration.ofMillis(200)).until(() -> {
            Count now = count();
            return now.equals(last.getAndSet(now));
        });
        return Objects.requireNonNull(last.get());
    }

    /**
     * What a connection has, with what is built on it.
     *
     * @param threads of the client, its guard, switches and jobs
     * @param connections that it has open
     * @param clients that the server knows by the user's name
     * @param listeners of this process
     * @param subscribers that the server has, of all channels together
     */
    private record Count(long threads, int connections, long clients, long listeners, long subscribers) {

        private static long liveThreads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("redisson") || name.startsWith("millpond-"))
                    .filter(name -> !name.startsWith(OF_THE_PROXY))
                    .count();
        }

        private static long clientsOfServer() {
            return String.valueOf(REDIS.server().command("CLIENT", "LIST"))
                    .lines()
                    .filter(line -> line.contains(" user=" + USER + " "))
                    .count();
        }

        private static long subscribersOfServer() {
            return CHANNELS.stream()
                    .map(channel -> (List<?>) REDIS.server().command("PUBSUB", "NUMSUB", channel))
                    .mapToLong(answer -> (Long) answer.get(1))
                    .sum();
        }
    }
}
