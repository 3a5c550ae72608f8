package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warm-ups of several nodes over a real Redis. */
class WarmerIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Logger log = LoggerFactory.getLogger(WarmerIT.class);
    private static final int KEYS = 5_000;
    private static final int NODES = 3;

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), "warm-up");

    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicInteger loaded = new AtomicInteger();

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    /** Returns the cache of a node of its own. */
    private LoadingCache<Integer, String> node() {
        return cache(nodes.start());
    }

    private LoadingCache<Integer, String> cache(CacheRegistry node) {
        return node.newCache("teams", String.class).buildBulk((Set<Integer> keys) -> {
            loads.incrementAndGet();
            loaded.addAndGet(keys.size());
            return keys.stream().collect(Collectors.toMap(Function.identity(), key -> "v" + key));
        });
    }

    private static long commands() {
        Matcher processed = Pattern.compile("total_commands_processed:(\\d+)")
                .matcher(String.valueOf(redis.server().command("INFO", "stats")));
        assertThat(processed.find()).isTrue();
        return Long.parseLong(processed.group(1));
    }

    private static Warmer warmer(LoadingCache<Integer, String> cache) {
        return cache.warmer(() -> IntStream.range(0, KEYS).boxed()).build();
    }

    @Test
    void run_manyNodesAtOnce_loadEachKeyOnce() {
        List<LoadingCache<Integer, String>> nodes =
                IntStream.range(0, NODES).mapToObj(i -> node()).toList();

        List<CompletableFuture<WarmUpReport>> runs = nodes.stream()
                .map(node -> CompletableFuture.supplyAsync(() -> warmer(node).run()))
                .toList();
        List<WarmUpReport> reports = runs.stream().map(CompletableFuture::join).toList();

        log.info("{} nodes warmed {} keys with {} loads: {}", NODES, KEYS, loads, reports);
        // Without the leases it would be three times as many; a call that is late on a busy machine is loaded again.
        assertThat(loaded).hasValueBetween(KEYS, KEYS + KEYS / 2);
        assertThat(reports).allSatisfy(report -> assertThat(report.left()).isZero());
    }

    @Test
    void run_nodeThatComesLater_readsRedisWithFewCommands() {
        warmer(node()).run();
        LoadingCache<Integer, String> later = node();
        loads.set(0);
        long before = commands();

        WarmUpReport report = warmer(later).run();

        long commands = commands() - before;
        log.info("A later node took {} keys from Redis with {} commands: {}", KEYS, commands, report);
        assertThat(report.skipped()).isGreaterThan(KEYS * 9 / 10);
        assertThat(report.loaded() + report.skipped()).isEqualTo(KEYS);
        assertThat(later.lookup(KEYS - 1)).extracting(CacheResult::source).isEqualTo(Source.LOCAL);
        assertThat(commands).isLessThan(KEYS / 10);
    }

    /** As in an application that starts faster than its connection. */
    @Test
    void run_nodeIsConnectingYet_keepsWhatItLoads() {
        RedisConnection connection = nodes.keep(RedisConnection.to(redis.url()));
        LoadingCache<Integer, String> cache = cache(nodes.keep(
                CacheRegistry.builder().redis(connection).namespace("warm-up").build()));

        WarmUpReport report = warmer(cache).run();

        assertThat(report.loaded()).isEqualTo(KEYS);
        assertThat(cache.lookup(KEYS - 1)).extracting(CacheResult::source).isEqualTo(Source.LOCAL);
        assertThat(warmer(node()).run().skipped()).isGreaterThan(KEYS * 9 / 10);
    }

    @Test
    void run_redisFlushed_fillsItAgain() {
        LoadingCache<Integer, String> cache = node();
        warmer(cache).run();

        redis.server().flush();
        AtomicLong again = new AtomicLong();
        await().until(() -> again.addAndGet(warmer(cache).run().loaded()) >= KEYS);

        assertThat(warmer(node()).run().skipped()).isGreaterThan(KEYS * 9 / 10);
    }
}
