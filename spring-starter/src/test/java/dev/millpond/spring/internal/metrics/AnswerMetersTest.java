package dev.millpond.spring.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimitStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswerMetersTest {

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private RateLimitStats stats = new RateLimitStats(100, 20, 30, 500, 510, 7, Duration.ofMillis(1_500));
    private final AnswerMeters<AnswerMetersTest> measured = new AnswerMeters<>(this, test -> test.stats);

    private double count(String name, String... tags) {
        return meters.get("millpond.ratelimit." + name)
                .tags(tags)
                .functionCounter()
                .count();
    }

    @Test
    void bindTo_registry_eachMeterTellsItsCount() {
        measured.bindTo(meters);

        assertThat(count("answers", "source", "redis")).isEqualTo(100);
        assertThat(count("answers", "source", "lease")).isEqualTo(500);
        assertThat(count("answers", "source", "memory")).isEqualTo(7);
        assertThat(count("redis.calls")).isEqualTo(20);
        assertThat(count("lease.tokens")).isEqualTo(510);
        assertThat(count("degraded.time")).isEqualTo(1.5);
        assertThat(meters.get("millpond.ratelimit.redis.batch.max").gauge().value())
                .isEqualTo(30);
    }

    @Test
    void degradedTime_always_isInSeconds() {
        measured.bindTo(meters);

        assertThat(meters.get("millpond.ratelimit.degraded.time")
                        .meter()
                        .getId()
                        .getBaseUnit())
                .isEqualTo("seconds");
    }

    @Test
    void bindTo_countsChange_areReadAnew() {
        measured.bindTo(meters);

        stats = new RateLimitStats(101, 21, 2, 500, 510, 7, Duration.ofSeconds(9));

        assertThat(count("redis.calls")).isEqualTo(21);
        assertThat(count("degraded.time")).isEqualTo(9);
    }
}
