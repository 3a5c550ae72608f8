package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryCacheStoreTest extends CacheStoreContract {

    private static final byte[] BYTES = {1};

    private final FakeTicker ticker = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(ticker);

    @Override
    protected CacheStore store() {
        return store;
    }

    @Override
    protected void elapse(Duration time) {
        ticker.advance(time);
    }

    @Test
    void unavailable_anyCommand_failsWithoutEffect() {
        store.unavailable(true);

        assertThatThrownBy(() -> store.get("k")).isInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> store.put("k", BYTES, Duration.ofSeconds(1)))
                .isInstanceOf(RedisUnavailableException.class);
        assertThat(store.remove(List.of("k")).toCompletableFuture()).isCompletedExceptionally();
        assertThat(store.keys()).isEmpty();

        store.unavailable(false);
        assertThat(store.get("k")).isNull();
    }

    @Test
    void losingAnswersOf_put_failsWithEffect() {
        store.losingAnswersOf(Command.PUT);

        assertThatThrownBy(() -> store.put("k", BYTES, Duration.ofSeconds(1)))
                .isInstanceOf(RedisUnavailableException.class);

        assertThat(store.peek("k")).isEqualTo(BYTES);
    }

    @Test
    void beforeNext_actionUsesTheCommand_runsOnce() {
        store.beforeNext(Command.GET, () -> {
            store.get("other");
            store.plant("k", BYTES);
        });

        assertThat(store.get("k")).isEqualTo(BYTES);
        assertThat(store.get("other")).isNull();
        assertThat(store.commands()).containsExactly(Command.GET, Command.GET, Command.GET);
    }
}
