package dev.millpond.cache.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.spi.CacheStore.ConditionalDrop;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code drop-if.lua} does beside what the contract of stores says: what it answers, and whom it tells. */
class DropIfScriptIT extends ScriptTests {

    private static Object run(String expected) {
        return String.valueOf(onEntry(Scripts.DROP_IF, expected, LOG.channel()));
    }

    @Test
    void run_leaseWaitedFor_removesItAndTellsThoseWhoWait() {
        store(WAITED_FOR);

        List<String> heard = heardDuring(() -> assertThat(run(LEASE)).isEqualTo("1"));

        assertThat(heard).containsExactly("released|" + KEY);
        assertThat(stored()).isNull();
    }

    @Test
    void run_nobodyWaits_removesItAndTellsNobody() {
        store(LEASE);

        assertThat(heardDuring(() -> assertThat(run(LEASE)).isEqualTo("1"))).isEmpty();

        assertThat(stored()).isNull();
    }

    @Test
    void run_again_leavesWhatCameAfterwards() {
        store(LEASE);
        run(LEASE);
        store("Lnode0002attempt1");

        assertThat(run(LEASE)).isEqualTo("0");

        assertThat(stored()).isEqualTo("Lnode0002attempt1");
    }

    @Test
    void run_anothersLeaseWaitedFor_leavesItAndTellsNobody() {
        store(WAITED_FOR);

        assertThat(heardDuring(() -> assertThat(run("Lnode0002attempt1")).isEqualTo("0")))
                .isEmpty();

        assertThat(stored()).isEqualTo(WAITED_FOR);
    }

    @Test
    void run_valueStored_removesItAndTellsNobody() {
        store("Vnode0001attempt1+");

        assertThat(heardDuring(() -> assertThat(run("Vnode0001attempt1")).isEqualTo("1")))
                .isEmpty();

        assertThat(stored()).isNull();
    }

    @Test
    void run_nothingStored_removesNothing() {
        assertThat(run(LEASE)).isEqualTo("0");
        assertThat(run("")).isEqualTo("0");
    }

    @Test
    void run_channelNotPermitted_removesAllTheSame() {
        store(WAITED_FOR);

        List<String> heard = heardDuring(() -> asUserWith(
                "resetchannels",
                guard -> new RedisCacheStore(guard, BUDGET, LOG.channel(), new Releases())
                        .dropAllIf(List.of(new ConditionalDrop(KEY, LEASE.getBytes(UTF_8))))
                        .toCompletableFuture()
                        .join()));

        assertThat(heard).isEmpty();
        assertThat(stored()).isNull();
    }
}
