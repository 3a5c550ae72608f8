package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.RedisNodes;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is under an entry's key and is no entry is a miss, counted and replaced, wherever it is met. */
@Tag("one-jdk")
class BadEntryIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String KEY = "test:cache:a";
    private static final byte[] LEASE_OF_ANOTHER_NODE = "Lnode0001attempt1".getBytes(US_ASCII);
    private static final long MOST_BYTES_FOR_A_BOMB = 100_000_000;

    private static RedisConnection connection;

    private final RedisNodes nodes = new RedisNodes(redis.url(), "test");
    private final RecordedLog log = new RecordedLog("EntryCodec");
    private StoredEntry stored;

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connect(redis.url());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    @BeforeEach
    void empty() {
        redis.server().flush();
        stored = new StoredEntry(redis.server(), connection, KEY);
    }

    @AfterEach
    void close() {
        nodes.close();
        log.close();
        assertThat(BadEntry.Trap.sprung).as("a class was loaded by its name").isFalse();
    }

    /** Returns the cache of one more node, which has nothing in its own memory. */
    private LoadingCache<String, String> node() {
        return nodes.start(connection).newCache("cache", String.class).build((String key) -> "value of " + key);
    }

    /** Has a node store the entry, and returns its bytes. */
    private byte[] goodEntry() {
        assertThat(node().get("a")).isEqualTo("value of a");
        return stored.read();
    }

    private void assertReplacedAndCounted(LoadingCache<String, String> reader) {
        assertThat(reader.stats().unreadable()).isEqualTo(1);
        assertThat(log.lines()).singleElement().asString().startsWith("WARN Cache 'cache' found bytes in Redis");
        assertThat(stored.type()).isEqualTo("string");
        assertThat(node().lookup("a"))
                .returns(Source.REMOTE, result -> result.source())
                .returns("value of a", result -> result.value().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void get_badEntry_isAMissAndReplaced(BadEntry bad) {
        bad.replace(stored, goodEntry());
        LoadingCache<String, String> reader = node();

        assertThat(reader.lookup("a"))
                .returns(Source.LOADER, result -> result.source())
                .returns("value of a", result -> result.value().orElseThrow());

        assertReplacedAndCounted(reader);
    }

    @ParameterizedTest
    @EnumSource
    void getAll_badEntryAmongGoodOnes_isAMissAndReplaced(BadEntry bad) {
        bad.replace(stored, goodEntry());
        node().get("b");
        LoadingCache<String, String> reader = node();

        assertThat(reader.getAll(List.of("a", "b")))
                .containsExactly(Map.entry("a", "value of a"), Map.entry("b", "value of b"));

        assertThat(reader.stats().loads()).isEqualTo(1);
        assertReplacedAndCounted(reader);
    }

    @ParameterizedTest
    @EnumSource
    void get_badEntryInPlaceOfALeaseWaitedFor_isAMissAndReplaced(BadEntry bad) {
        byte[] good = goodEntry();
        LoadingCache<String, String> reader = node();
        stored.write(LEASE_OF_ANOTHER_NODE);
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> reader.get("a"));
        await().until(() -> stored.read().length > LEASE_OF_ANOTHER_NODE.length);

        bad.replace(stored, good);

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("value of a");
        assertReplacedAndCounted(reader);
    }

    @ParameterizedTest
    @EnumSource
    void put_badEntry_replacesIt(BadEntry bad) {
        bad.replace(stored, goodEntry());

        node().put("a", "newer");

        assertThat(node().lookup("a"))
                .returns(Source.REMOTE, result -> result.source())
                .returns("newer", result -> result.value().orElseThrow());
    }

    @Test
    void get_zipBomb_isGivenUpBeforeItGrows() {
        BadEntry.ZIP_BOMB.replace(stored, goodEntry());
        LoadingCache<String, String> reader = node();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        reader.get("a");

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES_FOR_A_BOMB);
    }

    @Test
    void get_badEntryAgain_isAMissEachTimeAndWarnedOfOnce() {
        byte[] good = goodEntry();
        LoadingCache<String, String> reader = node();
        for (int i = 1; i <= 5; i++) {
            reader.invalidate("a");
            BadEntry.NOISE.replace(stored, good);

            assertThat(reader.lookup("a").source()).isEqualTo(Source.LOADER);
            assertThat(reader.stats().unreadable()).isEqualTo(i);
        }
        assertThat(log.lines()).hasSize(1);
    }
}
