package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The network fails at the moment at which a node begins to listen to the channel. */
class SubscriptionIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String CHANNEL = "{mp:listening}:c";

    private FaultProxy network;
    private RedisConnection connection;

    @BeforeEach
    void connect() {
        redis.server().flush();
        network = FaultProxy.to(redis.server());
        connection = RedisConnection.to(network.url());
        assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
    }

    @AfterEach
    void close() {
        connection.close();
        network.close();
    }

    static Stream<Named<Consumer<FaultProxy>>> faults() {
        return Stream.of(
                Named.of("black hole", FaultProxy::blackhole),
                Named.of("half open", FaultProxy::halfOpen),
                Named.of("refused", FaultProxy::refuse),
                Named.of("slow", proxy -> proxy.delay(Duration.ofMillis(800))));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void start_networkFailsAsItSubscribes_listensOnceItIsBack(Consumer<FaultProxy> fault) {
        fault.accept(network);
        try (CacheRegistry registry =
                CacheRegistry.builder().redis(connection).namespace("listening").build()) {
            await().until(() -> !connection.guard().available());

            network.restore();

            await().until(() -> listeners() == 1);
            await().until(() -> registry.invalidationStats().trusted());
        }
    }

    private static long listeners() {
        return redis.server().command("PUBSUB", "NUMSUB", CHANNEL) instanceof List<?> answer
                        && answer.get(1) instanceof Long count
                ? count
                : 0;
    }
}
