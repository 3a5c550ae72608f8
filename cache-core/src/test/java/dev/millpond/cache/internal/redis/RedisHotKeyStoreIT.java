package dev.millpond.cache.internal.redis;

import static dev.millpond.cache.spi.HotKeyStore.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.internal.HotKeyStoreContract;
import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of hot keys, kept by the store over a real Redis. */
@TestInstance(Lifecycle.PER_CLASS)
class RedisHotKeyStoreIT extends HotKeyStoreContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String SET = "shop:hot-keys:{products}";
    private static final String FADING = SET + ":fading";

    private RedisConnection connection;

    @BeforeAll
    void connect() {
        connection = PatientRedis.connect(redis.url());
    }

    @AfterAll
    void disconnect() {
        connection.close();
    }

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @Override
    protected HotKeyStore store() {
        return new RedisHotKeyStore(connection.guard(), Duration.ofSeconds(2), "shop");
    }

    /** The clock of Redis cannot be turned on, but the beginning of the counts can be turned back. */
    @Override
    protected void elapse(String cache, Duration time) {
        String fading = "shop:hot-keys:{" + cache + "}:fading";
        long since = Long.parseLong(String.valueOf(command("HGET", fading, "since")));
        command("HSET", fading, "since", Long.toString(since - time.toMillis()));
    }

    @Override
    protected void lose(String cache) {
        redis.server().flush();
    }

    private static @Nullable Object command(String... words) {
        return redis.server().command(words);
    }

    private String add(String life, String text) {
        return store().add("products", life, List.of(Map.entry(text, 1.0)), 10);
    }

    @Test
    void add_keysOfOneCache_liveForAWeekInOneSlot() {
        add(UNKNOWN, "7");

        for (String key : List.of(SET, FADING)) {
            assertThat((Long) command("PTTL", key))
                    .isBetween(Duration.ofDays(6).toMillis(), Duration.ofDays(7).toMillis());
        }
        assertThat(command("DBSIZE")).isEqualTo(2L);
    }

    @Test
    void add_nothing_doesNotPutItsEndOff() {
        String life = add(UNKNOWN, "7");
        long end = Duration.ofDays(1).toMillis();
        for (String key : List.of(SET, FADING)) {
            command("PEXPIRE", key, "" + end);
        }

        store().add("products", life, List.of(), 10);

        for (String key : List.of(SET, FADING)) {
            assertThat((Long) command("PTTL", key)).isBetween(1L, end);
        }
    }

    /** Where Redis evicts, it may evict either. */
    @Test
    void add_oneKeyEvicted_isALoss() {
        String life = add(UNKNOWN, "old");
        command("UNLINK", SET);
        assertThat(add(life, "7")).isEqualTo(UNKNOWN);

        life = add(UNKNOWN, "new");
        command("UNLINK", FADING);
        assertThat(add(life, "7")).isEqualTo(UNKNOWN);
        add(UNKNOWN, "last");
        assertThat(store().mostRead("products", 10)).containsExactly("last");
    }

    @Test
    void add_somethingElseUnderItsKeys_failsAndLeavesItAlone() {
        command("SET", SET, "another program's");
        assertRefused();
        assertThat(command("GET", SET)).isEqualTo("another program's");
        assertThat(command("EXISTS", FADING)).isEqualTo(0L);
        assertThatThrownBy(() -> store().mostRead("products", 10)).isInstanceOf(RedisUnavailableException.class);

        command("UNLINK", SET);
        command("SET", FADING, "another program's");
        assertRefused();
        assertThat(command("GET", FADING)).isEqualTo("another program's");
    }

    private void assertRefused() {
        assertThatThrownBy(() -> add(UNKNOWN, "7"))
                .isInstanceOfSatisfying(
                        RedisUnavailableException.class,
                        failure -> assertThat(failure.away()).isFalse());
    }
}
