package dev.millpond.benchmarks.races;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.benchmarks.peers.Moment;
import dev.millpond.benchmarks.peers.PeerNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The race, run against caches in memory whose answer is known. */
class RaceTest {

    private final ScriptedSource source = new ScriptedSource();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> shared = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    private RaceOutcome race(Moment moment, PeerNode here, PeerNode elsewhere) throws Exception {
        return new Race("key", moment, here, elsewhere, elsewhere).run(source, threads);
    }

    @Test
    void run_cacheAside_isStaleOnBothNodes() throws Exception {
        assertThat(race(Moment.MISS, new OneLevel(), new OneLevel())).isEqualTo(new RaceOutcome(1, 1, 1, 1, 0));
    }

    @Test
    void run_cacheThatKeepsNothing_isRight() throws Exception {
        PeerNode node = new OneLevel() {
            @Override
            public String get(String key) {
                return source.load(key);
            }
        };

        assertThat(race(Moment.MISS, node, node)).isEqualTo(new RaceOutcome(1, 0, 0, 0, 0));
    }

    @Test
    void run_lockAroundLoadAndRemoval_isRightAndTheWriterWaits() throws Exception {
        ReentrantLock lock = new ReentrantLock();

        assertThat(race(Moment.MISS, new Locked(lock), new Locked(lock))).isEqualTo(new RaceOutcome(1, 0, 0, 0, 1));
    }

    @Test
    void run_fillOfTheProcess_isStaleOnTheReadersNodeOnly() throws Exception {
        assertThat(race(Moment.FILL, new TwoLevels(), new TwoLevels())).isEqualTo(new RaceOutcome(1, 1, 1, 0, 0));
    }

    @Test
    void run_readerOutlastsItsLease_seesTheStaleNode() throws Exception {
        assertThat(race(Moment.LATE, new OneLevel(), new OneLevel()).stale()).isEqualTo(1);
    }

    private class OneLevel implements PeerNode {

        @Override
        public String get(String key) {
            String kept = shared.get(key);
            if (kept == null) {
                kept = source.load(key);
                shared.put(key, kept);
            }
            return kept;
        }

        @Override
        public void invalidate(String key) {
            shared.remove(key);
        }
    }

    private final class Locked extends OneLevel {

        private final ReentrantLock lock;

        private Locked(ReentrantLock lock) {
            this.lock = lock;
        }

        @Override
        public String get(String key) {
            lock.lock();
            try {
                return super.get(key);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void invalidate(String key) {
            lock.lock();
            try {
                super.invalidate(key);
            } finally {
                lock.unlock();
            }
        }
    }

    private final class TwoLevels extends OneLevel {

        private final Map<String, String> memory = new ConcurrentHashMap<>();

        @Override
        public String get(String key) {
            String kept = memory.get(key);
            if (kept == null) {
                boolean elsewhere = shared.containsKey(key);
                kept = super.get(key);
                if (elsewhere) {
                    source.fetched(kept);
                }
                memory.put(key, kept);
            }
            return kept;
        }

        @Override
        public void invalidate(String key) {
            memory.remove(key);
            super.invalidate(key);
        }
    }
}
