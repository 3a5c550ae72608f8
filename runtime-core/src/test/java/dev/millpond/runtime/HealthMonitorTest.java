package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;

import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.runtime.RedisStats.Calls;
import dev.millpond.runtime.RedisStats.Pool;
import dev.millpond.runtime.RedisStats.State;
import dev.millpond.runtime.internal.RecordedLog;
import dev.millpond.runtime.spi.HealthSource;
import dev.millpond.runtime.spi.HealthSource.Check;
import dev.millpond.runtime.spi.HealthSource.Rate;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HealthMonitorTest {

    @Test
    void report_nothingGiven_isUpWithoutRedis() {
        try (HealthMonitor health = HealthMonitor.builder().build()) {
            assertThat(health.report()).isEqualTo(new HealthReport(Status.UP, Map.of("redis", "none"), Map.of()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AVAILABLE, up, closed, UP",
        "SLOW, slow, open, DEGRADED",
        "AWAY, down, open, DEGRADED",
        "CONNECTING, connecting, open, DEGRADED"
    })
    void report_redis_isNeverDown(State state, String redis, String breaker, Status status) {
        try (HealthMonitor health = HealthMonitor.builder()
                .redis(connection(state, Optional.empty()))
                .build()) {
            HealthReport report = health.report();

            assertThat(report.status()).isEqualTo(status);
            assertThat(report.checks()).containsExactly(entry("redis", redis), entry("breaker", breaker));
            assertThat(report.metrics()).isEmpty();
        }
    }

    @Test
    void report_poolIsKnown_tellsItsUtilization() {
        try (HealthMonitor health = HealthMonitor.builder()
                .redis(connection(State.AVAILABLE, Optional.of(new Pool(4, 2, 0, 16))))
                .build()) {
            assertThat(health.report().metrics()).containsExactly(entry("poolUtilization", 0.25));
        }
    }

    @Test
    void report_severalSources_hasTheWorstStatusAndAllChecksInOrder() {
        try (HealthMonitor health = HealthMonitor.builder()
                .source(checking("database", "gone", Status.DOWN))
                .source(checking("disk", "full", Status.DEGRADED))
                .build()) {
            HealthReport report = health.report();

            assertThat(report.status()).isEqualTo(Status.DOWN);
            assertThat(report.checks())
                    .containsExactly(entry("redis", "none"), entry("database", "gone"), entry("disk", "full"));
        }
    }

    @Test
    void report_sourceThrows_isDegradedAndLoggedOnce() {
        HealthSource broken = new HealthSource() {
            @Override
            public List<Check> checks() {
                throw new IllegalStateException("bug");
            }
        };
        try (RecordedLog log = RecordedLog.ofEverybody();
                HealthMonitor health = HealthMonitor.builder()
                        .source(broken)
                        .source(checking("disk", "fine", Status.UP))
                        .build()) {
            assertThat(health.report().status()).isEqualTo(Status.DEGRADED);
            assertThat(health.report().checks())
                    .containsExactly(entry("redis", "none"), entry("health", "failed"), entry("disk", "fine"));
            assertThat(log.lines())
                    .containsExactly("WARN A source of the health failed, so the check 'health' says 'failed'. A source"
                            + " must not throw: let its check have another value. Only this first time is logged.");
        }
    }

    @Test
    void report_figureThatIsNoNumber_isLeftOut() {
        HealthSource source = new HealthSource() {
            @Override
            public Map<String, Number> metrics() {
                return Map.of("unknown", Double.NaN, "load", 3);
            }
        };
        try (HealthMonitor health = HealthMonitor.builder().source(source).build()) {
            assertThat(health.report().metrics()).containsExactly(entry("load", 3));
        }
    }

    @Test
    void report_rate_isToldOfBothWindowsOnceSomethingHappened() {
        AtomicLong hits = new AtomicLong();
        AtomicLong requests = new AtomicLong();
        try (HealthMonitor health = HealthMonitor.builder()
                .ticker(new FakeTicker())
                .source(following(new Rate("hitRate", hits::get, requests::get)))
                .build()) {
            assertThat(health.report().metrics()).isEmpty();
            hits.set(1);
            requests.set(4);

            assertThat(health.report().metrics()).containsExactly(entry("hitRate1m", 0.25), entry("hitRate5m", 0.25));
        }
    }

    @Test
    void build_twoRatesOfOneName_isRefused() {
        HealthSource source = following(new Rate("hitRate", () -> 0, () -> 0));

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        HealthMonitor.builder().source(source).source(source).build())
                .withMessage(
                        "Health monitor: two sources have a rate 'hitRate', must have different ones. Add each source"
                                + " once, or make a monitor for each.");
    }

    @Test
    void builder_settingGivenTwice_isRefused() {
        HealthMonitor.Builder builder = HealthMonitor.builder()
                .redis(connection(State.AWAY, Optional.empty()))
                .ticker(new FakeTicker());

        assertThatIllegalStateException()
                .isThrownBy(() -> builder.ticker(new FakeTicker()))
                .withMessage("Health monitor: ticker was set twice. Set it once.");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder.redis(connection(State.AWAY, Optional.empty())))
                .withMessage("Health monitor: redis was set twice. Set it once.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "redis://user:secret@pond:6379", "Up", "a b", "\""})
    void check_valueIsNoWord_isRefusedWithoutQuotingIt(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Check("database", value, Status.UP))
                .withMessage("Health check database: the value has other characters than small letters, digits and"
                        + " hyphens, or not 1 to 64 of them. Give one word such as 'up'.");
    }

    @Test
    void names_otherCharacters_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Check("my database", "up", Status.UP))
                .withMessage(
                        "Health check: name is 'my database', must be 1 to 64 letters and digits. Choose one such as"
                                + " 'database'.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rate("", () -> 0, () -> 0))
                .withMessage(
                        "Health rate: name is '', must be 1 to 64 letters and digits. Choose one such as 'database'.");
    }

    private static HealthSource checking(String name, String value, Status status) {
        return new HealthSource() {
            @Override
            public List<Check> checks() {
                return List.of(new Check(name, value, status));
            }
        };
    }

    private static HealthSource following(Rate rate) {
        return new HealthSource() {
            @Override
            public List<Rate> rates() {
                return List.of(rate);
            }
        };
    }

    private static RedisConnection connection(State state, Optional<Pool> pool) {
        return new RedisConnection() {
            @Override
            public RedisGuard guard() {
                throw new AssertionError("The health must not call Redis.");
            }

            @Override
            public RedisStats stats() {
                return new RedisStats(state, Duration.ZERO, 0, new Calls(0, 0, 0, 0, 0, 0, 0, 0, 0), pool);
            }

            @Override
            public boolean awaitAvailable(Duration maxWait) {
                throw new AssertionError("The health must not wait.");
            }

            @Override
            public void close() {}
        };
    }
}
