package dev.millpond.cache.internal;

import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What is to be stored at once: whole entries, and headers of what Redis has already. Not thread-safe. */
final class Writes {

    private final CacheStore store;
    private final StatsCounter stats;
    private final Part entries = new Part();
    private final Part headers = new Part();

    Writes(CacheStore store, StatsCounter stats) {
        this.store = store;
        this.stats = stats;
    }

    /**
     * Adds one.
     *
     * @param place where it is among all that are stored
     */
    void add(int place, ConditionalPut put, boolean isHeader) {
        Part part = isHeader ? headers : entries;
        part.places.add(place);
        part.puts.add(put);
    }

    /** Sends all of them; those for which Redis was away have no result. */
    void send(Result result) {
        send(entries, this::putAllIf, result);
        send(headers, store::replaceHeaders, result);
    }

    private List<Boolean> putAllIf(List<ConditionalPut> puts) {
        return puts.size() == 1 ? List.of(store.putIf(puts.get(0))) : store.putAllIf(puts);
    }

    private void send(Part part, Function<List<ConditionalPut>, List<Boolean>> call, Result result) {
        if (part.puts.isEmpty()) {
            return;
        }
        try {
            List<Boolean> stored = call.apply(part.puts);
            stored.stream().filter(done -> !done).forEach(rejected -> stats.storeRejected());
            for (int i = 0; i < stored.size(); i++) {
                result.of(part.places.get(i), stored.get(i));
            }
        } catch (RedisUnavailableException e) {
            // What has no result is kept in this process alone.
        }
    }

    /** Is told what became of each. */
    @FunctionalInterface
    interface Result {

        void of(int place, boolean stored);
    }

    private static final class Part {

        private final List<Integer> places = new ArrayList<>();
        private final List<ConditionalPut> puts = new ArrayList<>();
    }
}
