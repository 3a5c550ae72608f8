package dev.millpond.cache.internal;

import dev.millpond.cache.spi.HotKeyStore;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts of texts that fade, with room for some; not thread-safe. */
final class FadingCounts {

    private static final Comparator<Map.Entry<String, Double>> HIGHEST_FIRST =
            Map.Entry.<String, Double>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey());

    private final int room;
    private Map<String, Double> counts = new HashMap<>();

    FadingCounts(int room) {
        this.room = room;
    }

    /** Leaves a part of each count, and forgets those of which hardly anything is left. */
    void fade(double left) {
        counts.replaceAll((text, count) -> count * left);
        counts.values().removeIf(count -> count < HotKeyStore.LEAST_COUNT);
    }

    /** Adds counts, and forgets the lowest if they are too many. */
    void add(Map<String, Double> more) {
        more.forEach((text, count) -> counts.merge(text, count, Double::sum));
        if (counts.size() > room) {
            Map<String, Double> kept = new HashMap<>();
            highestFirst(room).forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
            counts = kept;
        }
    }

    void clear() {
        counts.clear();
    }

    /** Returns a copy of the counts, at most so many. */
    List<Map.Entry<String, Double>> highestFirst(int most) {
        return counts.entrySet().stream()
                .<Map.Entry<String, Double>>map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .sorted(HIGHEST_FIRST)
                .limit(most)
                .toList();
    }
}
