package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.RedisUrl;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;

@Timeout(30)
final class NetworkThreadTest {

    private static final String NOBODY = "redis://127.0.0.1:1";

    private RedissonClient client = Clients.untouchable();

    @AfterEach
    void shutDown() {
        if (client instanceof Redisson) {
            client.shutdown(0, Duration.ofSeconds(2).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void of_clientWithOurSettings_isTheOneThatTalksToRedis() {
        client = RedisClients.create(RedisUrl.parse(NOBODY));

        assertThat(threadOf(NetworkThread.of(client))).startsWith("redisson-netty");
    }

    @Test
    void of_clientWithSeveral_isWhoeverAsks() {
        client = RedisClients.create("{nettyThreads: 2, singleServerConfig: {address: \"" + NOBODY + "\"}}");

        assertThat(threadOf(NetworkThread.of(client)))
                .isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void of_clientThatIsNotRedissonItself_isWhoeverAsks() {
        assertThat(threadOf(NetworkThread.of(client)))
                .isEqualTo(Thread.currentThread().getName());
    }

    private static String threadOf(Executor executor) {
        return CompletableFuture.supplyAsync(() -> Thread.currentThread().getName(), executor)
                .join();
    }
}
