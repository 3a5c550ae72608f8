package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.runtime.spi.RecurringTrouble;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node knows of the most read keys of one cache, and shares with the others; thread-safe.
 *
 * @param <K> the type of keys
 */
final class HotKeyMemory<K> {

    /** With room for fewer, what is read a little would push what is read much out. */
    private static final int FEWEST = 100;

    private static final Logger log = LoggerFactory.getLogger(HotKeyMemory.class);

    private final KeyText keyText;
    private final int most;
    private final Ticker ticker;
    private final @Nullable HotKeyStore store;
    private final ReadCounts<K> reads;
    private final FadingCounts all;
    private final FadingCounts unsent;
    private final RecurringTrouble reading = new RecurringTrouble();
    private final RecurringTrouble writing = new RecurringTrouble();
    private final Object saving = new Object();
    private String life = HotKeyStore.UNKNOWN;
    private long fadedAt;

    /**
     * Creates it without counts.
     *
     * @param most how many keys are asked for at most
     * @param store null if there is none to share with
     */
    HotKeyMemory(KeyText keyText, int most, CacheSwitch allowed, Ticker ticker, @Nullable HotKeyStore store) {
        this(keyText, most, ReadCounts.MOST_SAMPLES, allowed, ticker, store);
    }

    /** Creates it without counts, and with another limit from which on it counts a sample. */
    HotKeyMemory(
            KeyText keyText,
            int most,
            int mostSamples,
            CacheSwitch allowed,
            Ticker ticker,
            @Nullable HotKeyStore store) {
        this.keyText = keyText;
        this.most = most;
        this.ticker = ticker;
        this.store = store;
        this.reads = new ReadCounts<>(kept(), mostSamples, allowed);
        this.all = new FadingCounts(kept());
        this.unsent = new FadingCounts(kept());
        this.fadedAt = ticker.read();
    }

    /** What has just become hot has to gather counts before it is among those that are asked for. */
    private int kept() {
        return 2 * Math.max(most, FEWEST);
    }

    /** Returns how many keys are asked for at most. */
    int maximum() {
        return most;
    }

    /** Takes note of a read. */
    void read(K key) {
        reads.read(key);
    }

    /** Returns the texts of the keys that the fleet reads most, or this node if nobody says more, most read first. */
    List<String> mostRead() {
        List<String> shared = store == null ? List.of() : mostReadIn(store);
        return shared.isEmpty() ? mostReadHere() : shared;
    }

    private List<String> mostReadIn(HotKeyStore shared) {
        try {
            List<String> texts = shared.mostRead(keyText.cache(), most);
            reading.over();
            return texts;
        } catch (RedisUnavailableException e) {
            warn(reading, "read", e);
            return List.of();
        }
    }

    private synchronized List<String> mostReadHere() {
        gather();
        return all.highestFirst(most).stream().map(Map.Entry::getKey).toList();
    }

    /**
     * Adds what was read since the last time to what the fleet has read, and begins another period of counting.
     *
     * @return false if Redis is away; what was not added will be the next time
     */
    boolean save() {
        return saveWhile(() -> true);
    }

    /**
     * Does so for the last time, most read keys first, as long as there is time for another call.
     *
     * @return false if Redis is away
     */
    boolean saveWhile(BooleanSupplier time) {
        synchronized (saving) {
            try {
                reads.beginPeriod();
                saveTo(store, time);
                writing.over();
                return true;
            } catch (RedisUnavailableException e) {
                warn(writing, "save", e);
                return !e.away();
            }
        }
    }

    private void saveTo(@Nullable HotKeyStore shared, BooleanSupplier time) {
        List<Map.Entry<String, Double>> taken = takeUnsent();
        if (shared == null) {
            return; // nothing is unsent where there is nowhere to send it
        }
        try {
            send(shared, taken, time);
        } catch (RedisUnavailableException e) {
            keep(taken); // some may have been added, and count twice then: no harm where only the order matters
            throw e;
        }
    }

    /** Also with nothing to add: who knows of something notices its loss, and brings it back. */
    private void send(HotKeyStore shared, List<Map.Entry<String, Double>> taken, BooleanSupplier time) {
        List<Map.Entry<String, Double>> whole = everything();
        if (!whole.isEmpty() && !life.equals(HotKeyStore.UNKNOWN)) {
            life = add(shared, taken, time);
        }
        if (!whole.isEmpty() && life.equals(HotKeyStore.UNKNOWN) && time.getAsBoolean()) {
            life = add(shared, whole, time);
        }
    }

    private String add(HotKeyStore shared, List<Map.Entry<String, Double>> counts, BooleanSupplier time) {
        String known = life;
        int from = 0;
        do {
            int to = Math.min(counts.size(), from + HotKeyStore.MOST_PER_CALL);
            known = shared.add(keyText.cache(), known, counts.subList(from, to), kept());
            from = to;
        } while (from < counts.size() && !known.equals(HotKeyStore.UNKNOWN) && time.getAsBoolean());
        return known;
    }

    private synchronized List<Map.Entry<String, Double>> takeUnsent() {
        gather();
        List<Map.Entry<String, Double>> taken = unsent.highestFirst(kept());
        unsent.clear();
        return taken;
    }

    private synchronized void keep(List<Map.Entry<String, Double>> taken) {
        unsent.add(taken.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private synchronized List<Map.Entry<String, Double>> everything() {
        return all.highestFirst(kept());
    }

    private void gather() {
        long now = ticker.read();
        double left = Math.pow(0.5, (double) (now - fadedAt) / HotKeyStore.HALF_LIFE.toNanos());
        fadedAt = now;
        Map<String, Double> texts = texts(reads.take());
        for (FadingCounts counts : store == null ? List.of(all) : List.of(all, unsent)) {
            counts.fade(left);
            counts.add(texts);
        }
    }

    /** Nobody could read a key back from its digest. */
    private Map<String, Double> texts(Map<K, Long> counts) {
        Map<String, Double> texts = new HashMap<>();
        counts.forEach((key, count) -> {
            String text = keyText.of(key);
            if (!KeyText.isDigest(text)) {
                texts.merge(text, (double) count, Double::sum);
            }
        });
        return texts;
    }

    private void warn(RecurringTrouble trouble, String what, RedisUnavailableException failure) {
        trouble.toTell(failure)
                .ifPresent(text -> log.warn(
                        "Cache '{}' could not {} which of its keys are read most in Redis, and goes by what this node"
                                + " has read until it can. {}",
                        keyText.cache(),
                        what,
                        text));
    }
}
