package dev.millpond.cache.internal.redis;

import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.client.codec.StringCodec;

/** Hot keys in Redis: a sorted set for each cache, and a hash that says how its counts have faded. */
final class RedisHotKeyStore implements HotKeyStore {

    private static final Duration TIME_TO_LIVE = Duration.ofDays(7);
    private static final int KEYS_PER_PAGE = 5_000;

    private final RedisGuard redis;
    private final Duration budget;
    private final String prefix;

    RedisHotKeyStore(RedisGuard redis, Duration budget, String namespace) {
        this.redis = redis;
        this.budget = budget;
        this.prefix = namespace + ":hot-keys:";
    }

    /** Braces: both keys are in one slot, and no entry of a cache has such a key. */
    private String keys(String cache) {
        return prefix + '{' + cache + '}';
    }

    @Override
    public String add(String cache, String life, List<Map.Entry<String, Double>> counts, int most) {
        List<Object> arguments = new ArrayList<>(List.of(
                life,
                Long.toHexString(ThreadLocalRandom.current().nextLong()),
                "" + HALF_LIFE.toMillis(),
                "" + most,
                "" + TIME_TO_LIVE.toMillis(),
                "" + LEAST_COUNT));
        counts.forEach(entry -> {
            arguments.add(entry.getKey());
            arguments.add(entry.getValue().toString());
        });
        return redis.call(
                budget,
                client -> client.getScript(StringCodec.INSTANCE)
                        .<String>evalAsync(
                                Mode.READ_WRITE,
                                Scripts.ADD_HOT_KEYS,
                                ReturnType.VALUE,
                                List.of(keys(cache), keys(cache) + ":fading"),
                                arguments.toArray()));
    }

    @Override
    public List<String> mostRead(String cache, int most) {
        Set<String> read = new LinkedHashSet<>(); // between two pages a key may move from one to the other
        Collection<String> page = List.of();
        for (int from = 0; from < most && (from == 0 || page.size() == KEYS_PER_PAGE); from += KEYS_PER_PAGE) {
            page = page(cache, from, Math.min(most, from + KEYS_PER_PAGE) - 1);
            read.addAll(page);
        }
        return List.copyOf(read);
    }

    private Collection<String> page(String cache, int first, int last) {
        return redis.call(
                budget,
                client -> client.<String>getScoredSortedSet(keys(cache), StringCodec.INSTANCE)
                        .valueRangeReversedAsync(first, last));
    }
}
