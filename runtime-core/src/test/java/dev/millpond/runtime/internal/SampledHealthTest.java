package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.spi.HealthSource;
import dev.millpond.runtime.spi.HealthSource.Rate;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SampledHealthTest {

    private final FakeTicker ticker = new FakeTicker();

    @Test
    void thread_nobodyAsks_takesSamplesAllTheSame() throws InterruptedException {
        CountDownLatch samples = new CountDownLatch(10);
        HealthMonitorBuilder builder = new HealthMonitorBuilder();
        builder.source(following(new Rate("rate", () -> failingAfterTheFirst(samples), () -> 1)));

        try (HealthMonitor health = builder.build(Duration.ofMillis(1))) {
            assertThat(samples.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(health.report().checks()).containsEntry("health", "failed");
        }
    }

    private static long failingAfterTheFirst(CountDownLatch samples) {
        boolean first = samples.getCount() == 10;
        samples.countDown();
        if (first) {
            return 0;
        }
        throw new IllegalStateException("bug");
    }

    @Test
    void close_twice_endsTheThreadAndStillReports() {
        HealthMonitor health = new HealthMonitorBuilder().build();
        health.close();
        health.close();

        assertThat(health.report().checks()).isEqualTo(Map.of("redis", "none"));
    }

    @Test
    void sample_everyFiveSecondsForAnHour_keepsTheWindowsRight() {
        AtomicLong hits = new AtomicLong();
        AtomicLong requests = new AtomicLong();
        SampledHealth health =
                new SampledHealth(List.of(), List.of(new Rate("hitRate", hits::get, requests::get)), ticker);
        try {
            for (int i = 0; i < 720; i++) {
                requests.addAndGet(10);
                hits.addAndGet(i < 700 ? 0 : 10);
                ticker.advance(HealthMonitorBuilder.INTERVAL);
                health.sample();
            }

            assertThat(health.report().metrics())
                    .containsEntry("hitRate1m", 1.0)
                    .containsEntry("hitRate5m", 20.0 / 60);
        } finally {
            health.close();
        }
    }

    private static HealthSource following(Rate rate) {
        return new HealthSource() {
            @Override
            public List<Rate> rates() {
                return List.of(rate);
            }
        };
    }
}
