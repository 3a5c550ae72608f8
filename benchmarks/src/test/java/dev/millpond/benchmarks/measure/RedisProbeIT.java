package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millpond.testkit.RedisExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("one-jdk")
class RedisProbeIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final RedisProbe probe = new RedisProbe(redis.url());

    @Test
    void calls_commands_areCountedWithThoseOfScripts() throws Exception {
        long before = probe.calls();

        redis.server().command("EVAL", "redis.call('GET', 'a') return redis.call('GET', 'b')", "0");

        assertThat(probe.calls() - before).isBetween(3L, 6L); // INFO counts too
    }

    @Test
    void work_ofSomeCommands_isWhatCameMeanwhile() throws Exception {
        RedisProbe.Work before = probe.work(Set.of("eval"));

        redis.server().command("EVAL", "for i = 1, 1000000 do end", "0");
        redis.server().command("GET", "a");

        RedisProbe.Work work = probe.work(Set.of("eval")).since(before);
        assertThat(work.calls()).isEqualTo(1);
        assertThat(work.nanos()).isGreaterThan(100_000);
    }

    @Test
    void number_ofASection_isRead() throws Exception {
        assertThat(probe.number("stats", "total_net_input_bytes")).isPositive();
        assertThatThrownBy(() -> probe.number("stats", "nothing"))
                .isInstanceOf(IOException.class)
                .hasMessage("INFO stats of Redis has no number 'nothing'.");
    }

    @Test
    void cpuNanos_always_grows() throws Exception {
        double before = probe.cpuNanos();

        redis.server().command("EVAL", "for i = 1, 1000000 do end", "0");

        assertThat(probe.cpuNanos()).isGreaterThan(before);
    }

    @Test
    void shareOfClients_scriptsWithThreeCalls_isAQuarter() throws Exception {
        CompletableFuture<Double> share = CompletableFuture.supplyAsync(() -> {
            try {
                return probe.shareOfClients(Duration.ofMinutes(1), 400);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        while (!share.isDone()) {
            redis.server().command("EVAL", "for i = 1, 3 do redis.call('GET', 'a') end", "0");
        }

        assertThat(share.join()).isCloseTo(0.25, within(0.05));
    }

    @Test
    void shareOfClients_nobodyCalls_isAll() throws Exception {
        assertThat(probe.shareOfClients(Duration.ofMillis(60))).isEqualTo(1);
    }
}
