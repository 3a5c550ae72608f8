package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.WarmUpReport.Ending;
import dev.millpond.testkit.RedisExtension;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A warm-up of a large table of a database. */
@Tag("one-jdk")
class LargeWarmUpIT {

    private static final Logger log = LoggerFactory.getLogger(LargeWarmUpIT.class);
    private static final int KEYS = 100_000;
    private static final int CONCURRENCY = 3;

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), "large");

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    private static Warmer warmer(LoadingCache<Integer, String> cache) {
        return cache.warmer(() -> IntStream.rangeClosed(1, KEYS).boxed())
                .batchSize(500)
                .concurrency(CONCURRENCY)
                .build();
    }

    @Test
    void run_tableOf100000Rows_takesNoMoreConnectionsThanItsConcurrency() throws Exception {
        try (TeamDatabase database = new TeamDatabase(KEYS, CONCURRENCY)) {
            LoadingCache<Integer, String> cache = nodes.start()
                    .newCache("teams", String.class)
                    .localMaximumSize(KEYS)
                    .buildBulk((Set<Integer> ids) -> database.names(ids));

            WarmUpReport report = warmer(cache).run();

            log.info("{} rows, {} connections at once at the most: {}", KEYS, database.mostTaken(), report);
            assertThat(database.mostTaken()).isEqualTo(CONCURRENCY);
            assertThat(database.rows()).isEqualTo(KEYS);
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.planned()).isEqualTo(KEYS);
            assertThat(report.loaded()).isEqualTo(KEYS);
            assertThat(report.skipped() + report.failed() + report.left()).isZero();
            assertThat(report.took()).isPositive();
            assertThat(report.bytes()).isGreaterThan(KEYS * 10L);
            assertThat(cache.lookup(KEYS)).satisfies(last -> {
                assertThat(last.source()).isEqualTo(Source.LOCAL);
                assertThat(last.value()).contains("team " + KEYS);
            });
        }
    }
}
