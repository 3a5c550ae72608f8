package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisUrl;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
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
    private static final int CYCLES = 50;
    private static final Duration BUDGET = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final FaultProxy proxy = FaultProxy.to(REDIS.server());
    private final RedisConnection connection =
            GuardedConnection.start(RedisUrl.parse(proxy.url()), Duration.ofMillis(20));

    @BeforeEach
    void connect() {
        assertThat(connection.awaitAvailable(LONG)).isTrue();
    }

    @AfterEach
    void close() {
        connection.close();
        proxy.close();
    }

    @Test
    void lostAndRegained_fiftyTimes_leavesNoThreadAndNoConnectionBehind() {
        lose(2); // threads and connections that are made at need are there now
        long threads = threads();
        long connections = proxy.openConnections();

        lose(CYCLES);

        log.info(
                "Before and after {} cycles: {} and {} threads, {} and {} connections.",
                CYCLES,
                threads,
                threads(),
                connections,
                proxy.openConnections());
        assertThat(threads()).as("threads").isLessThanOrEqualTo(threads);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(proxy.openConnections())
                        .as("connections")
                        .isLessThanOrEqualTo(SafeSettings.POOL + SafeSettings.SUBSCRIPTION_POOL));
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

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("redisson") || name.startsWith("millpond-redis"))
                .count();
    }
}
