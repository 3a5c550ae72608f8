package dev.millpond.cache.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code put-if.lua} does beside what the contract of stores says: whom it tells. */
class PutIfScriptIT extends ScriptTests {

    private static Object run(String expected) {
        return String.valueOf(onEntry(Scripts.PUT_IF, expected, "new", "5000", LOG.channel()));
    }

    @Test
    void run_leaseWaitedFor_tellsThoseWhoWait() {
        store(WAITED_FOR);

        List<String> heard = heardDuring(() -> assertThat(run(LEASE)).isEqualTo("1"));

        assertThat(heard).containsExactly("released|" + KEY);
        assertThat(stored()).isEqualTo("new");
        assertThat(millisLeft()).isBetween(1L, 5_000L);
    }

    @Test
    void run_nobodyWaits_tellsNobody() {
        store(LEASE);

        assertThat(heardDuring(() -> assertThat(run(LEASE)).isEqualTo("1"))).isEmpty();
    }

    @Test
    void run_valueReplaced_tellsNobody() {
        store("Vnode0001attempt1+");

        assertThat(heardDuring(() -> assertThat(run("Vnode0001attempt1")).isEqualTo("1")))
                .isEmpty();
    }

    @Test
    void run_anothersLeaseWaitedFor_tellsNobodyAndChangesNothing() {
        store(WAITED_FOR);

        assertThat(heardDuring(() -> assertThat(run("Lnode0002attempt1")).isEqualTo("0")))
                .isEmpty();

        assertThat(stored()).isEqualTo(WAITED_FOR);
    }

    @Test
    void run_ownValueThereAlready_isAnsweredAsStoredAndLeftAsItIs() {
        store("Vnode0001attempt1 and more");

        assertThat(heardDuring(() -> assertThat(putInPlaceOfLease("Vnode0001attempt1 and more"))
                        .isEqualTo("1")))
                .isEmpty();

        assertThat(millisLeft()).isGreaterThan(5_000);
    }

    @Test
    void run_ownLeaseThereAlreadyAndWaitedFor_isAnsweredAsStoredAndStaysMarked() {
        store(WAITED_FOR);

        assertThat(onEntry(Scripts.PUT_IF, "Vnode0002attempt1", LEASE, "5000", LOG.channel()))
                .hasToString("1");

        assertThat(stored()).isEqualTo(WAITED_FOR);
    }

    @Test
    void run_valueOfAnotherAttemptThere_isRejected() {
        store("Vnode0001attempt1 and more");

        assertThat(putInPlaceOfLease("Vnode0001attempt2 and more")).isEqualTo("0");
        assertThat(putInPlaceOfLease("Vnode0001")).isEqualTo("0");
    }

    @Test
    void run_foreignTextThereAlready_isRejected() {
        store("a text without an attempt");

        assertThat(putInPlaceOfLease("a text without an attempt")).isEqualTo("0");
    }

    private static Object putInPlaceOfLease(String bytes) {
        return String.valueOf(onEntry(Scripts.PUT_IF, LEASE, bytes, "5000", LOG.channel()));
    }

    @Test
    void run_channelNotPermitted_storesAllTheSame() {
        store(WAITED_FOR);

        List<String> heard = heardDuring(() -> asUserWith("resetchannels", guard -> {
            RedisCacheStore store = new RedisCacheStore(guard, BUDGET, LOG.channel(), new Releases());
            assertThat(store.putIf(new ConditionalPut(
                            KEY, LEASE.getBytes(UTF_8), "new".getBytes(UTF_8), Duration.ofSeconds(5))))
                    .isTrue();
        }));

        assertThat(heard).isEmpty();
        assertThat(stored()).isEqualTo("new");
    }
}
