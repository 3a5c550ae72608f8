package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is left in Redis of entries whose time to live has ended: nothing. */
class OrphansIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String TABLE = "{mp:orphans}:t";
    private static final String LOG = "{mp:orphans}:log";

    /** Epoch, sequence, floor, server and the number of names in the log. */
    private static final long STATE_FIELDS = 5;

    /** For the log, and for what Redis keeps for connections. */
    private static final long MOST_LEFT_BYTES = 400_000;

    private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");
    private static final int ENTRIES = 3_000;
    private static final int INVALIDATIONS = 200;
    private static final int AT_ONCE = 500;

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    /** How far beyond its time to live an entry may be kept: times to live vary by a tenth. */
    private static final Duration LONGEST = TIME_TO_LIVE.multipliedBy(11).dividedBy(10);

    /** Ends the time of each entry that has an end and not a later one; returns how many there are. */
    private static final String END = "local ended = 0 for _, key in ipairs(redis.call('KEYS', ARGV[1])) do"
            + " local left = redis.call('PTTL', key)"
            + " if left > 0 and left <= tonumber(ARGV[2]) then ended = ended + redis.call('PEXPIRE', key, 1) end end"
            + " return ended";

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), "orphans");

    private CacheRegistry registry;

    @BeforeEach
    void connect() {
        redis.server().flush();
        registry = nodes.start();
    }

    @Test
    void entries_expired_leaveOnlyTheLogWhichKnowsInvalidationsAlone() {
        LoadingCache<Integer, String> rows = registry.newCache("rows", String.class)
                .timeToLive(TIME_TO_LIVE)
                .build((Integer key, LoadContext load) -> {
                    load.tag(Tag.of("group", key % 100));
                    return "row " + key;
                });
        LoadingCache<Integer, String> pages = registry.newCache("pages", String.class)
                .timeToLive(TIME_TO_LIVE)
                .build((Integer key) -> "page with " + rows.get(key));
        long usedBefore = bytesUsed();
        load(rows);
        load(pages);
        assertThat(keysInRedis()).isGreaterThan(2 * ENTRIES);
        assertThat(bytesUsed() - usedBefore).isGreaterThan(ENTRIES * 100L);
        assertThat(fields()).as("no entry is noted anywhere").isEqualTo(STATE_FIELDS);

        IntStream.range(0, INVALIDATIONS).forEach(i -> registry.invalidate(Tag.of("group", i % 100)));

        assertThat(redis.server().command("EVAL", END, "0", "orphans:*", "" + LONGEST.toMillis()))
                .as("all entries have an end")
                .isEqualTo(2L * ENTRIES);
        await().atMost(20, TimeUnit.SECONDS).until(() -> keysInRedis() == 2);
        assertThat(redis.server().command("KEYS", "*"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder(TABLE, LOG);
        assertThat(fields()).as("no name is noted beside the log").isEqualTo(STATE_FIELDS);
        assertThat(redis.server().command("XLEN", LOG)).isEqualTo((long) INVALIDATIONS);
        assertThat(bytesUsed() - usedBefore).isLessThan(MOST_LEFT_BYTES);
        assertThat(registry.invalidationStats().flushes()).isZero();
    }

    private static void load(LoadingCache<Integer, String> cache) {
        for (int from = 0; from < ENTRIES; from += AT_ONCE) {
            List<Integer> keys = IntStream.range(from, from + AT_ONCE).boxed().toList();
            assertThat(cache.getAll(keys)).hasSize(AT_ONCE);
        }
    }

    private static long fields() {
        return Long.parseLong(String.valueOf(redis.server().command("HLEN", TABLE)));
    }

    private static long keysInRedis() {
        return Long.parseLong(String.valueOf(redis.server().command("DBSIZE")));
    }

    private static long bytesUsed() {
        Matcher used = USED.matcher(String.valueOf(redis.server().command("INFO", "memory")));
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1));
    }
}
