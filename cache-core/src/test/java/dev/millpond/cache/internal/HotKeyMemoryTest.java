package dev.millpond.cache.internal;

import static dev.millpond.cache.spi.HotKeyStore.HALF_LIFE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HotKeyMemoryTest {

    private static final int MOST = 3;

    private final FakeTicker ticker = new FakeTicker();
    private final InMemoryHotKeyStore store = new InMemoryHotKeyStore(ticker);
    private final HotKeyMemory<String> memory = memory(store);

    private HotKeyMemory<String> memory(@Nullable HotKeyStore shared) {
        KeyText keyText = new KeyText("cache", null);
        return new HotKeyMemory<>(keyText, MOST, new CacheSwitch(() -> SwitchMode.ON, keyText), ticker, shared);
    }

    private static void read(HotKeyMemory<String> node, String key, int times) {
        for (int i = 0; i < times; i++) {
            node.read(key);
        }
    }

    @Test
    void mostRead_nothingSaved_isWhatThisNodeHasRead() {
        read(memory, "a", 1);
        read(memory, "b", 2);

        assertThat(memory.mostRead()).containsExactly("b", "a");
        assertThat(memory.mostRead()).containsExactly("b", "a");
    }

    @Test
    void mostRead_withoutStore_isWhatThisNodeHasReadAndFades() {
        HotKeyMemory<String> alone = memory(null);
        read(alone, "old", 10);
        assertThat(alone.save()).isTrue();

        ticker.advance(HALF_LIFE.multipliedBy(2));
        read(alone, "new", 3);

        assertThat(alone.mostRead()).containsExactly("new", "old");
    }

    @Test
    void save_byTwoNodes_isSummed() {
        HotKeyMemory<String> other = memory(store);
        read(memory, "a", 3);
        read(memory, "b", 2);
        read(other, "b", 2);

        memory.save();
        other.save();

        assertThat(memory.mostRead()).containsExactly("b", "a");
        assertThat(memory(store).mostRead()).containsExactly("b", "a");
    }

    @Test
    void save_again_addsOnlyWhatIsNew() {
        read(memory, "a", 5);
        memory.save();

        read(memory, "b", 3);
        memory.save();
        read(memory, "b", 3);
        memory.save();

        assertThat(store.additions()).containsExactly(1, 1, 1);
        assertThat(memory.mostRead()).containsExactly("b", "a");
    }

    @Test
    void save_hasNewFavourite_letsItGatherCountsBeforeItIsAmongTheMostRead() {
        read(memory, "a", 9);
        read(memory, "b", 9);
        read(memory, "c", 9);
        memory.save();

        for (int minute = 0; minute < 3; minute++) {
            read(memory, "new", 4);
            memory.save();
        }

        assertThat(memory.mostRead()).containsExactly("new", "a", "b");
    }

    @Test
    void save_storeLostEverything_bringsAllThatThisNodeKnows() {
        read(memory, "a", 5);
        memory.save();
        store.lose("cache");

        read(memory, "b", 1);
        memory.save();

        assertThat(memory(store).mostRead()).containsExactly("a", "b");
    }

    @Test
    void save_storeLostEverythingAndNothingWasRead_bringsItAllTheSame() {
        read(memory, "a", 5);
        memory.save();
        store.lose("cache");

        memory.save();

        assertThat(memory(store).mostRead()).containsExactly("a");
    }

    @Test
    void save_nothingEverRead_asksNothing() {
        memory.save();

        assertThat(store.additions()).isEmpty();
    }

    @Test
    void save_nothingReadForADay_asksNothing() {
        read(memory, "a", 5);
        memory.save();

        ticker.advance(Duration.ofHours(23));
        memory.save();
        assertThat(store.additions()).containsExactly(1, 0);

        ticker.advance(Duration.ofHours(2));
        memory.save();
        assertThat(store.additions()).containsExactly(1, 0);
    }

    @Test
    void mostRead_withoutStore_forgetsWhatWasNotReadForADay() {
        HotKeyMemory<String> alone = memory(null);
        read(alone, "old", 1);
        alone.save();
        ticker.advance(Duration.ofHours(25));
        read(alone, "new", 1);

        assertThat(alone.mostRead()).containsExactly("new");
    }

    @Test
    void save_redisAway_keepsCountsAndSaysNothing() {
        read(memory, "a", 5);
        memory.save();
        read(memory, "b", 6);
        store.fail(new RedisUnavailableException("away"));

        try (RecordedLog log = new RecordedLog("HotKeyMemory")) {
            assertThat(memory.save()).isFalse();
            assertThat(memory.save()).isFalse();
            assertThat(memory.mostRead()).containsExactly("b", "a");
            assertThat(log.lines()).isEmpty();
        }

        store.fail(null);
        assertThat(memory.save()).isTrue();
        assertThat(memory(store).mostRead()).containsExactly("b", "a");
    }

    @Test
    void save_redisRefuses_warnsOnceUntilItWorks() {
        read(memory, "a", 1);
        store.fail(new RedisUnavailableException("Redis refused.", new IllegalStateException("WRONGTYPE"), false));
        String saving = warning("save");

        try (RecordedLog log = new RecordedLog("HotKeyMemory")) {
            assertThat(memory.save()).isTrue();
            assertThat(memory.save()).isTrue();
            assertThat(memory.mostRead()).containsExactly("a");
            assertThat(memory.mostRead()).containsExactly("a");
            assertThat(log.lines()).containsExactly(saving, warning("read"));

            store.fail(null);
            memory.save();
            store.fail(new RedisUnavailableException("Redis refused.", new IllegalStateException("WRONGTYPE"), false));
            memory.save();
            assertThat(log.lines()).containsExactly(saving, warning("read"), saving);
        }
    }

    private static String warning(String what) {
        return "WARN Cache 'cache' could not " + what
                + " which of its keys are read most in Redis, and goes by what this"
                + " node has read until it can. Redis refused. (java.lang.IllegalStateException: WRONGTYPE)";
    }

    @Test
    void save_keyTooLongForItsText_isLeftOut() {
        read(memory, "x".repeat(513), 2);
        read(memory, "a", 1);

        memory.save();

        assertThat(memory.mostRead()).containsExactly("a");
    }
}
