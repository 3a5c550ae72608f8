package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.runtime.spi.Upkeep;
import dev.millpond.runtime.spi.Upkeep.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Saves the hot keys of a registry's caches now and then; thread-safe. It has no thread where no cache has any. */
final class HotKeyUpkeep implements AutoCloseable {

    static final Duration PERIOD = Duration.ofMinutes(1);

    private final @Nullable HotKeyStore store;
    private final Ticker ticker;
    private final Duration period;
    private final Upkeep upkeep;
    private final List<HotKeyMemory<?>> memories = new CopyOnWriteArrayList<>();
    private @Nullable Task task;
    private volatile long due;

    /**
     * Creates it without caches.
     *
     * @param store where they are saved, or null if that is nowhere
     * @param random varies when it is due first, so that nodes that start together do not save together
     */
    HotKeyUpkeep(String namespace, @Nullable HotKeyStore store, Ticker ticker, Duration period, DoubleSupplier random) {
        this.store = store;
        this.ticker = ticker;
        this.period = period;
        this.due = ticker.read() + (long) (period.toNanos() * random.getAsDouble());
        Duration second = Duration.ofSeconds(1);
        this.upkeep = new Upkeep(
                "A cache registry", "millpond-hot-keys-" + namespace, period.compareTo(second) < 0 ? period : second);
    }

    /** Returns the memory of a new cache, or null if it is to have none. */
    <K> @Nullable HotKeyMemory<K> memoryOf(CacheSettings<?> settings, KeyText keyText, CacheSwitch allowed) {
        if (settings.hotKeys() == 0) {
            return null;
        }
        HotKeyMemory<K> memory = new HotKeyMemory<>(keyText, settings.hotKeys(), allowed, ticker, store);
        memories.add(memory);
        begin();
        return memory;
    }

    private synchronized void begin() {
        if (task == null) {
            task = upkeep.everySecond(this::saveIfDue);
        }
    }

    private void saveIfDue() {
        long now = ticker.read();
        if (now - due >= 0) {
            due = now + period.toNanos();
            save();
        }
    }

    /** Where Redis is away for one cache it is for the others, which would only wait as long. */
    private void save() {
        for (HotKeyMemory<?> memory : memories) {
            if (!memory.save()) {
                return;
            }
        }
    }

    /** Saves once more. */
    @Override
    public synchronized void close() {
        if (task != null) {
            task.close();
            task = null;
            save();
        }
    }
}
