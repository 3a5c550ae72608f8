package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.peers.Await;
import dev.millpond.benchmarks.peers.LettuceNodes;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A cache of Millpond whose entries in Redis are copies of one that it has stored, which Redis makes by itself, so that
 * a million take seconds. Entries do not hold their keys, so a copy is as good as an entry that was loaded.
 *
 * @param cache the cache
 * @param machine where Redis is
 */
record CopiedEntries(LoadingCache<String, String> cache, Machine machine) {

    static final String NAMESPACE = "scaling";

    private static final String CACHE = "entries";
    private static final String KEY = "key-";
    private static final Duration TIME_TO_LIVE = Duration.ofHours(2);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int AT_ONCE = 5_000; // more would keep Redis busy for longer than a node waits for an answer
    private static final int SAMPLES = 100;

    private static final String COPY = """
            local entry, ttl = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
            for i = tonumber(ARGV[2]), tonumber(ARGV[3]) do
              redis.call('SET', ARGV[1] .. i, entry, 'PX', ttl)
            end
            return 1
            """;

    /** Makes an empty cache whose entries carry so many tags. */
    static CopiedEntries of(CacheRegistry registry, Machine machine, int tags, int localSize) {
        Tag[] each = IntStream.range(0, tags).mapToObj(CopiedEntries::tag).toArray(Tag[]::new);
        LoadingCache<String, String> cache = registry.newCache(CACHE, String.class)
                .timeToLive(TIME_TO_LIVE)
                .localMaximumSize(localSize)
                .build((String key, LoadContext load) -> {
                    load.tag(each);
                    return "value of any key";
                });
        return new CopiedEntries(cache, machine);
    }

    static Tag tag(int place) {
        return Tag.of("group", place);
    }

    static String key(int place) {
        return KEY + place;
    }

    /** Returns the key in Redis of the first entry. */
    static String first() {
        return NAMESPACE + ':' + CACHE + ':' + key(0);
    }

    /** Stores so many entries in place of those that are there. */
    void fill(int count) throws Exception {
        cache.invalidate(key(0));
        cache.get(key(0));
        String prefix = first().substring(0, first().length() - 1);
        for (int from = 1; from < count; from += AT_ONCE) {
            LettuceNodes.of(machine)
                    .bytes()
                    .sync()
                    .eval(
                            COPY,
                            ScriptOutputType.INTEGER,
                            new String[] {first()},
                            bytes(prefix),
                            bytes("" + from),
                            bytes("" + (Math.min(count, from + AT_ONCE) - 1)));
        }
        if (!Await.until(LIMIT, () -> held(count) == SAMPLES)) {
            throw new IllegalStateException(
                    "Millpond does not serve copies of its entries. Do entries hold their keys now?"
                            + " Else measure again on a machine with less other work.");
        }
    }

    /** Returns how many of a hundred entries, from the first to the last, the cache finds. */
    long held(int count) {
        return IntStream.range(0, SAMPLES)
                .filter(i -> cache.getIfPresent(key((int) ((long) i * (count - 1) / (SAMPLES - 1))))
                        .filter(found -> found.source() == Source.REMOTE || found.source() == Source.LOCAL)
                        .isPresent())
                .count();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
