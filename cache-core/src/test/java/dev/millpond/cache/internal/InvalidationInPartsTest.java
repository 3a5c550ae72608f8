package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.testkit.FakeTicker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The log takes many names in parts, one after the other. */
class InvalidationInPartsTest {

    private static final int KEYS = 600;
    private static final int NAMES_PER_PART = 500;

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final Map<Integer, String> source = new HashMap<>();
    private final List<Runnable> betweenParts = new ArrayList<>();

    /** It has more dependencies than an entry can name, so that it carries the name that all of them share. */
    @Test
    void invalidateAll_dependantOfVeryManyIsMadeBetweenTheParts_isInvalidToo() {
        try (CacheRegistry one = AssembledRegistry.of(time, store, inParts(log.node()));
                CacheRegistry two = AssembledRegistry.of(time, store, log.node())) {
            LoadingCache<Integer, String> rows = rows(two);
            LoadingCache<Integer, String> pages = two.newCache("pages", String.class)
                    .build((Integer page) -> keys().stream().map(rows::get).collect(Collectors.joining()));
            rows.getAll(keys());
            betweenParts.add(() -> pages.get(1));
            source.put(KEYS - 1, "new");

            rows(one).invalidateAll(keys());
            betweenParts.clear();

            assertThat(pages.get(1)).endsWith("oldnew");
        }
    }

    /** Whoever put the key later has answered, so the earlier put must not be valid with a later number. */
    @Test
    void putAll_anotherNodePutsAKeyBetweenTheParts_allNodesAnswerWithThat() {
        try (CacheRegistry one = AssembledRegistry.of(time, store, inParts(log.node()));
                CacheRegistry two = AssembledRegistry.of(time, store, log.node())) {
            LoadingCache<Integer, String> here = rows(one);
            LoadingCache<Integer, String> there = rows(two);
            betweenParts.add(() -> {
                if (source.put(0, "later") == null) {
                    there.put(0, "later");
                }
            });

            here.putAll(keys().stream().collect(Collectors.toMap(key -> key, key -> "earlier")));

            assertThat(there.get(0)).isEqualTo("later");
            assertThat(here.get(0)).isEqualTo("later");
            assertThat(here.get(KEYS - 1)).isEqualTo("earlier");
        }
    }

    private LoadingCache<Integer, String> rows(CacheRegistry node) {
        return node.newCache("rows", String.class).build((Integer key) -> source.getOrDefault(key, "old"));
    }

    private static List<Integer> keys() {
        return IntStream.range(0, KEYS).boxed().toList();
    }

    private InvalidationLog inParts(InvalidationLog node) {
        return new ForwardingLog(node) {
            @Override
            public long append(Collection<String> names) {
                List<String> all = List.copyOf(names);
                long last = -1;
                for (int from = 0; from < all.size(); from += NAMES_PER_PART) {
                    last = super.append(all.subList(from, Math.min(all.size(), from + NAMES_PER_PART)));
                    betweenParts.forEach(Runnable::run);
                }
                return last;
            }
        };
    }
}
