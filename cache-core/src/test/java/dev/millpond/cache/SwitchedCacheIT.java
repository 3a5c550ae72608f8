package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes on a real Redis, of which one turns caching off and on for both. */
class SwitchedCacheIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
    private static final int ROUNDS = 16;
    private static final List<String> MODES = List.of("off", "read-only", "local-only", "50%");

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final AtomicInteger source = new AtomicInteger();
    private final Node one = new Node();
    private final Node two = new Node();

    private final class Node implements AutoCloseable {

        private final RedisConnection redis = PatientRedis.connect(REDIS.url());
        private final Switches switches = Switches.builder().redis(redis).build();
        private final CacheRegistry caches =
                CacheRegistry.builder().redis(redis).switches(switches).build();
        private final LoadingCache<String, Integer> versions =
                caches.newCache("versions", Integer.class).build((String key) -> source.get());
        private int seen;

        void awaitMode(SwitchMode mode) {
            await().atMost(LONG_ENOUGH)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> switches.state(Switch.cache("versions")).mode().equals(mode));
        }

        /** Reads, and looks that no version comes back that a newer one had replaced. */
        int read() {
            int version = versions.get("key");
            assertThat(version).isGreaterThanOrEqualTo(seen);
            seen = version;
            return version;
        }

        void awaitVersion(int version) {
            await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(5)).until(() -> read() == version);
        }

        @Override
        public void close() {
            caches.close();
            switches.close();
            redis.close();
        }
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        REDIS.server().flush();
    }

    @Test
    void get_switchedOffAndOnForTheFleet_neverAnswersWithWhatWasInvalidatedMeanwhile() {
        assertThat(one.redis.awaitAvailable(LONG_ENOUGH)).isTrue();
        assertThat(two.redis.awaitAvailable(LONG_ENOUGH)).isTrue();
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            one.read();
            two.read();
            switchTo(SwitchMode.parse(MODES.get(random.nextInt(MODES.size()))));
            Node changing = random.nextBoolean() ? one : two;
            Node other = changing == one ? two : one;
            int version = source.incrementAndGet();
            if (random.nextBoolean()) {
                changing.versions.invalidate("key");
            } else {
                changing.versions.put("key", version);
            }
            if (random.nextBoolean()) {
                other.read();
            }
            switchTo(SwitchMode.ON);

            assertThat(changing.read()).isEqualTo(version);
            other.awaitVersion(version);
        }
    }

    private void switchTo(SwitchMode mode) {
        one.switches.set(Switch.CACHE, mode, SwitchScope.FLEET, "alice");
        two.awaitMode(mode);
    }
}
