package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HotKeyUpkeepTest {

    private static final Duration PERIOD = Duration.ofMillis(20);

    private final FakeTicker ticker = new FakeTicker();
    private final InMemoryHotKeyStore store = new InMemoryHotKeyStore(ticker);
    private final HotKeyUpkeep upkeep = new HotKeyUpkeep("upkeep-test", store, ticker, PERIOD, () -> 0.5);

    private HotKeyMemory<String> memory(String cache) {
        return memory(cache, 10);
    }

    private HotKeyMemory<String> memory(String cache, int most) {
        KeyText keyText = new KeyText(cache, null);
        CacheSwitch on = new CacheSwitch(() -> SwitchMode.ON, keyText);
        HotKeyMemory<String> memory = Objects.requireNonNull(upkeep.memoryOf(Fixtures.hotKeys(most), keyText, on));
        upkeep.add(memory);
        return memory;
    }

    /** That of the test before may live on for a moment. */
    private static void awaitNoThread() {
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millpond-hot-keys-upkeep-test"));
    }

    @Test
    void memoryOf_noHotKeys_isNullAndNeedsNoThread() {
        KeyText keyText = new KeyText("cache", null);
        CacheSwitch on = new CacheSwitch(() -> SwitchMode.ON, keyText);

        assertThat(upkeep.memoryOf(Fixtures.hotKeys(0), keyText, on)).isNull();

        awaitNoThread();
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
        awaitNoThread();
    }

    /** A cache whose name is refused never is one. */
    @Test
    void memoryOf_cacheRefused_needsNoThreadAndIsNotSaved() {
        KeyText keyText = new KeyText("cache", null);
        CacheSwitch on = new CacheSwitch(() -> SwitchMode.ON, keyText);
        HotKeyMemory<String> refused = upkeep.memoryOf(Fixtures.hotKeys(10), keyText, on);
        Objects.requireNonNull(refused).read("a");

        awaitNoThread();
        upkeep.close();
        assertThat(store.calls()).isZero();
    }

    private void readThousandKeys() {
        HotKeyMemory<String> large = memory("large", 1_000);
        IntStream.range(0, 1_000).forEach(i -> large.read("key-" + i));
        memory("small").read("a");
    }

    @Test
    void close_redisFast_savesEverything() {
        readThousandKeys();

        upkeep.close();

        assertThat(store.additions()).containsExactly(200, 200, 200, 200, 200, 1);
    }

    @Test
    void close_redisSlow_beginsNothingNewAfterTheTimeOfOneCall() {
        readThousandKeys();
        store.slow(Duration.ofMillis(200));

        upkeep.close();

        assertThat(store.additions()).containsExactly(200, 200);
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
