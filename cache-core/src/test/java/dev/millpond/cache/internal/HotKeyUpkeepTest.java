package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HotKeyUpkeepTest {

    private static final Duration PERIOD = Duration.ofMillis(20);

    private final FakeTicker ticker = new FakeTicker();
    private final InMemoryHotKeyStore store = new InMemoryHotKeyStore(ticker);
    private final HotKeyUpkeep upkeep = new HotKeyUpkeep("upkeep-test", store, ticker, PERIOD, () -> 0.5);

    private HotKeyMemory<String> memory(String cache) {
        KeyText keyText = new KeyText(cache, null);
        CacheSwitch on = new CacheSwitch(() -> SwitchMode.ON, keyText);
        return Objects.requireNonNull(upkeep.memoryOf(Fixtures.hotKeys(10), keyText, on));
    }

    private static boolean hasThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("millpond-hot-keys-upkeep-test"));
    }

    @Test
    void memoryOf_noHotKeys_isNullAndNeedsNoThread() {
        KeyText keyText = new KeyText("cache", null);
        CacheSwitch on = new CacheSwitch(() -> SwitchMode.ON, keyText);

        assertThat(upkeep.memoryOf(Fixtures.hotKeys(0), keyText, on)).isNull();

        assertThat(hasThread()).isFalse();
        upkeep.close();
    }

    /** Nodes that start together do not save together: the first time is due after a part of a period. */
    @Test
    void upkeep_periodOver_savesEveryCache() {
        HotKeyMemory<String> one = memory("one");
        HotKeyMemory<String> two = memory("two");
        one.read("a");
        two.read("b");
        assertThat(store.additions()).isEmpty();

        ticker.advance(PERIOD.dividedBy(2));

        await().untilAsserted(() -> assertThat(store.additions()).containsExactly(1, 1));
        one.read("a");
        ticker.advance(PERIOD);
        await().untilAsserted(() -> assertThat(store.additions()).containsExactly(1, 1, 1, 0));
        upkeep.close();
    }

    @Test
    void close_somethingUnsaved_savesItAndEndsTheThread() {
        memory("one").read("a");

        upkeep.close();
        upkeep.close();

        assertThat(store.additions()).containsExactly(1);
        await().untilAsserted(() -> assertThat(hasThread()).isFalse());
    }

    @Test
    void close_redisAway_asksForOneCacheOnly() {
        HotKeyMemory<String> one = memory("one");
        HotKeyMemory<String> two = memory("two");
        one.read("a");
        two.read("b");
        store.fail(new RedisUnavailableException("away"));

        upkeep.close();

        store.fail(null);
        assertThat(store.calls()).isEqualTo(1);
    }
}
