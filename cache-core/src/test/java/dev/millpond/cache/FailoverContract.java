package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.testkit.RedisServer;
import dev.millpond.testkit.RedisTopology;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What two nodes go through when servers replace each other; one subclass per topology. */
abstract class FailoverContract {

    private static final Logger log = LoggerFactory.getLogger(FailoverContract.class);

    final RedisTopology redis;
    final Map<String, String> source = new ConcurrentHashMap<>();
    final TopologyNode one;
    final TopologyNode two;

    FailoverContract(RedisTopology redis) {
        this.redis = redis;
        redis.heal();
        redis.flush();
        one = new TopologyNode(redis, source);
        two = new TopologyNode(redis, source);
    }

    @BeforeEach
    void warmUp() {
        source.put("a", "1");
        awaitCaching();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    void awaitCaching() {
        one.awaitCaching("a");
        two.awaitCaching("a");
    }

    @Test
    void killedMaster_readsAndInvalidationsGoOnAndCachesComeBack() throws Exception {
        try (Readers readers = new Readers()) {
            readers.read(one.cache);
            readers.read(two.cache);
            RedisServer master = redis.masterOf(TopologyNode.LOG);
            long killed = System.nanoTime();
            master.stop();
            source.put("a", "2");
            one.cache.invalidate("a");

            assertThat(one.cache.get("a")).isEqualTo("2");
            redis.masterOf(TopologyNode.LOG);
            long promoted = System.nanoTime();
            two.awaitValue("a", "2");
            awaitCaching();
            log.info(
                    "promoted after {} ms, caching again {} ms later",
                    Duration.ofNanos(promoted - killed).toMillis(),
                    Duration.ofNanos(System.nanoTime() - promoted).toMillis());
        }
        source.put("a", "3");
        two.cache.invalidate("a");
        one.awaitValue("a", "3");
    }

    @Test
    void orderlyFailover_readsAndInvalidationsGoOnAndCachesComeBack() throws Exception {
        try (Readers readers = new Readers()) {
            readers.read(one.cache);
            readers.read(two.cache);

            redis.failover(TopologyNode.LOG);

            source.put("a", "2");
            one.cache.invalidate("a");
            assertThat(one.cache.get("a")).isEqualTo("2");
            two.awaitValue("a", "2");
            awaitCaching();
        }
    }

    @Test
    void scriptsForgottenByAllServers_nextCommandsAreAnswered() {
        redis.flushScripts();
        source.put("b", "1");

        assertThat(one.cache.lookup("b").source()).isEqualTo(Source.LOADER);
        assertThat(two.cache.lookup("b").source()).isEqualTo(Source.REMOTE);
        redis.flushScripts();
        source.put("b", "2");
        one.cache.invalidate("b");
        assertThat(one.cache.get("b")).isEqualTo("2");
        two.awaitValue("b", "2");
    }

    @Test
    void networkOfOneNodeSwallowsEverything_theOtherGoesOnAndItComesBack() throws Exception {
        try (Readers readers = new Readers()) {
            readers.read(one.cache);
            one.network.blackhole();
            source.put("a", "2");
            two.cache.invalidate("a");

            two.awaitValue("a", "2");
            two.awaitCaching("a");
            one.awaitValue("a", "2");
            one.network.restore();
            awaitCaching();
        }
        assertThat(one.cache.get("a")).isEqualTo("2");
    }

    @Test
    void networkToOneServerRefuses_readsGoOnAndCachesComeBack() throws Exception {
        try (Readers readers = new Readers()) {
            readers.read(one.cache);
            one.network.of(redis.masterOf(TopologyNode.LOG)).refuse();
            source.put("a", "2");
            one.cache.invalidate("a");

            assertThat(one.cache.get("a")).isEqualTo("2");
            one.network.restore();
            two.awaitValue("a", "2");
            awaitCaching();
        }
    }
}
