package dev.millpond.cache.internal;

import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store of hot keys in this process, which may lose them, and may be away. */
final class InMemoryHotKeyStore implements HotKeyStore {

    private final FakeTicker ticker;
    private final Map<String, Kept> caches = new HashMap<>();
    private final List<Integer> additions = new ArrayList<>();
    private @Nullable RedisUnavailableException failure;
    private int lives;
    private int calls;
    private Duration pause = Duration.ZERO;

    InMemoryHotKeyStore(FakeTicker ticker) {
        this.ticker = ticker;
    }

    /** Makes all calls fail; with null they work again. */
    synchronized void fail(@Nullable RedisUnavailableException every) {
        failure = every;
    }

    /** Lets each call take so long. */
    synchronized void slow(Duration every) {
        pause = every;
    }

    synchronized void lose(String cache) {
        caches.remove(cache);
    }

    /** Returns how many counts each call brought that was carried out. */
    synchronized List<Integer> additions() {
        return List.copyOf(additions);
    }

    /** Returns how many calls there were, also such as failed. */
    synchronized int calls() {
        return calls;
    }

    @Override
    public synchronized String add(String cache, String life, List<Map.Entry<String, Double>> counts, int most) {
        failIfAway();
        Kept kept = caches.get(cache);
        if (!life.equals(UNKNOWN) && (kept == null || !kept.life.equals(life))) {
            return UNKNOWN;
        }
        additions.add(counts.size());
        Kept present = caches.computeIfAbsent(cache, any -> new Kept("life-" + lives++, ticker.read()));
        present.add(counts, most, ticker.read());
        if (present.counts.highestFirst(1).isEmpty()) {
            caches.remove(cache); // as Redis does with an empty set
        }
        return present.life;
    }

    @Override
    public synchronized List<String> mostRead(String cache, int most) {
        failIfAway();
        Kept kept = caches.get(cache);
        return kept == null
                ? List.of()
                : kept.counts.highestFirst(most).stream().map(Map.Entry::getKey).toList();
    }

    private void failIfAway() {
        calls++;
        ticker.advance(pause);
        if (failure != null) {
            throw failure;
        }
    }

    private static final class Kept {

        private final String life;
        private FadingCounts counts = new FadingCounts(0);
        private long fadedAt;

        Kept(String life, long now) {
            this.life = life;
            this.fadedAt = now;
        }

        void add(List<Map.Entry<String, Double>> more, int most, long now) {
            FadingCounts next = new FadingCounts(most);
            Map<String, Double> all = new HashMap<>();
            counts.fade(Math.pow(0.5, (double) (now - fadedAt) / HALF_LIFE.toNanos()));
            counts.highestFirst(Integer.MAX_VALUE).forEach(entry -> all.put(entry.getKey(), entry.getValue()));
            more.forEach(entry -> all.merge(entry.getKey(), entry.getValue(), Double::sum));
            next.add(all);
            counts = next;
            fadedAt = now;
        }
    }
}
