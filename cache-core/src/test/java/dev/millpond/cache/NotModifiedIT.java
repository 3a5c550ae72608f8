package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.testkit.RedisExtension;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Loaders that answer "not modified", on two nodes over a real Redis. */
class NotModifiedIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Tag TAG = Tag.of("group", 1);
    private static final Pattern NET_INPUT = Pattern.compile("total_net_input_bytes:(\\d+)");

    /** Of random numbers, so that it cannot be compressed to much less. */
    private static final String LARGE =
            new Random(1).longs(10_000).mapToObj(Long::toHexString).collect(Collectors.joining());

    private static final int REFRESHES = 10;

    /** How often Redis may be slow in a test. */
    private static final int FEW = 3;

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), "conditional");

    private final AtomicInteger fullLoads = new AtomicInteger();
    private volatile String version = "v1";

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    private LoadingCache<String, String> cache(CacheRegistry node) {
        return node.newCache("large", String.class).build((String key, LoadContext load) -> {
            if (load.lastVersion().equals(Optional.of(version))) {
                return load.notModified();
            }
            fullLoads.incrementAndGet();
            load.version(version).tag(TAG);
            return version + LARGE;
        });
    }

    private static long netInputBytes() {
        Matcher bytes = NET_INPUT.matcher(String.valueOf(redis.server().command("INFO", "stats")));
        assertThat(bytes.find()).isTrue();
        return Long.parseLong(bytes.group(1));
    }

    @Test
    void refresh_notModified_sendsNoPayload() {
        LoadingCache<String, String> cache = cache(nodes.start());
        await().until(() -> cache.refresh("a").isPresent() && cache.stats().bytesWritten() > 50_000);
        long payload = cache.stats().bytesWritten();
        long sentBefore = netInputBytes();

        for (int i = 0; i < REFRESHES; i++) {
            assertThat(cache.refresh("a")).contains("v1" + LARGE);
        }

        long sent = netInputBytes() - sentBefore;
        long written = cache.stats().bytesWritten() - payload;
        System.out.printf(
                "payload %d bytes; %d times not modified: %d bytes of headers, Redis received %d%n",
                payload, REFRESHES, written, sent);
        // Few instead of none: when Redis is slow once, the value is sent again.
        assertThat(written).isLessThan(payload * FEW + REFRESHES * 200L);
        assertThat(sent).isLessThan(payload * (FEW + 1));
        assertThat(fullLoads).hasValueBetween(1, 1 + FEW);
        assertThat(cache.stats().notModified()).isGreaterThanOrEqualTo(REFRESHES - FEW);
    }

    @Test
    void reads_notModifiedInTurn_agreeOnBothNodes() {
        CacheRegistry one = nodes.start();
        List<LoadingCache<String, String>> caches = List.of(cache(one), cache(nodes.start()));
        for (LoadingCache<String, String> cache : caches) {
            cache.get("a");
            for (int i = 0; i < REFRESHES; i++) {
                assertThat(cache.refresh("a")).contains("v1" + LARGE);
            }
        }
        assertThat(fullLoads).hasValueBetween(1, 1 + FEW);

        version = "v2";
        one.invalidate(TAG);
        for (LoadingCache<String, String> cache : caches) {
            await().untilAsserted(() -> assertThat(cache.get("a")).isEqualTo("v2" + LARGE));
        }

        caches.forEach(cache -> assertThat(cache.stats().unreadable()).isZero());
    }

    @Test
    void reads_onAnotherNode_findWhatWasNotModified() {
        LoadingCache<String, String> first = cache(nodes.start());
        first.getAll(List.of("a", "b"));

        await().untilAsserted(() -> {
            first.refresh("a");
            LoadingCache<String, String> second = cache(nodes.start());
            assertThat(second.lookup("a").source()).isEqualTo(Source.REMOTE);
            assertThat(second.getAll(List.of("a", "b"))).containsEntry("a", "v1" + LARGE);
        });

        assertThat(first.stats().notModified()).isPositive();
    }
}
