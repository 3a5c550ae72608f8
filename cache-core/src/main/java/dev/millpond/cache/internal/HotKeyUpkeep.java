package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.runtime.spi.Upkeep;
import dev.millpond.runtime.spi.Upkeep.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Saves the hot keys of a registry's caches now and then; thread-safe. It has no thread where no cache has any. */
final class HotKeyUpkeep implements AutoCloseable {

    static final Duration PERIOD = Duration.ofMinutes(1);

    /** How long closing may take, but for the call that is under way then: as long as one call to Redis. */
    private static final Duration CLOSING = Duration.ofMillis(300);

    private final @Nullable HotKeyStore store;
    private final Ticker ticker;
    private final Duration period;
    private final Upkeep upkeep;
    private final List<HotKeyMemory<?>> memories = new CopyOnWriteArrayList<>();
    private @Nullable Task task;
    private boolean closed;
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

    /** Returns the memory of a new cache, or null if it is to have none; it is not {@linkplain #add added}. */
    <K> @Nullable HotKeyMemory<K> memoryOf(CacheSettings<?> settings, KeyText keyText, CacheSwitch allowed) {
        if (settings.hotKeys() == 0) {
            return null;
        }
        return new HotKeyMemory<>(keyText, settings.hotKeys(), allowed, ticker, store);
    }

    /** Begins to save the memory of a cache, unless this is closed. */
    synchronized void add(HotKeyMemory<?> memory) {
        if (closed) {
            return;
        }
        memories.add(memory);
        if (task == null) {
            task = upkeep.everySecond(this::saveIfDue);
        }
    }

    private void saveIfDue() {
        long now = ticker.read();
        if (now - due >= 0) {
            due = now + period.toNanos();
            saveEach(HotKeyMemory::save);
        }
    }

    /** Where Redis is away for one cache it is for the others, which would only wait as long. */
    private void saveEach(Predicate<HotKeyMemory<?>> saved) {
        for (HotKeyMemory<?> memory : memories) {
            if (!saved.test(memory)) {
                return;
            }
        }
    }

    /** Saves once more what there is time for. */
    @Override
    public void close() {
        if (end()) {
            long begun = ticker.read();
            BooleanSupplier time = () -> ticker.read() - begun < CLOSING.toNanos();
            saveEach(memory -> time.getAsBoolean() && memory.saveWhile(time));
        }
    }

    /** Returns whether there is something to save. */
    private synchronized boolean end() {
        Task ended = task;
        closed = true;
        task = null;
        if (ended != null) {
            ended.close();
        }
        return ended != null;
    }
}
