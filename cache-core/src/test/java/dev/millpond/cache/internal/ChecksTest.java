package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "standings", "Teams_2026.v1-b", "x"})
    void name_lettersDigitsAndMarks_isReturned(String name) {
        assertThat(Checks.cacheName(name)).isEqualTo(name);
    }

    @Test
    void name_of64Characters_isTheLongest() {
        assertThat(Checks.cacheName("x".repeat(64))).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> Checks.cacheName("x".repeat(65)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "{a}", "a\n", "\u00fc", "a/b"})
    void name_anythingElse_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.cacheName(name))
                .withMessage("Cache name is '" + name
                        + "', must be 1 to 64 letters, digits, dots, hyphens or underscores. Choose a name such as"
                        + " 'standings'.");
    }

    @Test
    void positive_oneMillisecondAndMore_isReturned() {
        assertThat(Checks.positive("timeToLive", Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(1));
        assertThat(Checks.positive("timeToLive", Duration.ofDays(36_500))).isEqualTo(Duration.ofDays(36_500));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 999_999, Long.MIN_VALUE})
    void positive_lessThanOneMillisecond_isRefused(long nanos) {
        Duration value = Duration.ofNanos(nanos);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.positive("timeToLive", value))
                .withMessage("timeToLive is " + value
                        + ", must be at least 1 ms. Give a duration such as Duration.ofMinutes(5).");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 36_500L * 86_400 + 1})
    void positive_moreThanOneHundredYears_isRefused(long seconds) {
        Duration value = Duration.ofSeconds(seconds);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.positive("timeToLive", value))
                .withMessage("timeToLive is " + value + ", must be at most 100 years.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.notNegative("serveStaleFor", value))
                .withMessage("serveStaleFor is " + value + ", must be at most 100 years.");
    }

    @Test
    void positive_farBelowZero_isRefused() {
        Duration value = Duration.ofSeconds(Long.MIN_VALUE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.positive("timeToLive", value))
                .withMessageStartingWith("timeToLive is " + value + ", must be at least 1 ms.");
    }

    @Test
    void notNegative_zeroAndMore_isReturned() {
        assertThat(Checks.notNegative("serveStaleFor", Duration.ZERO)).isZero();
        assertThat(Checks.notNegative("serveStaleFor", Duration.ofNanos(1))).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void notNegative_lessThanZero_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.notNegative("serveStaleFor", Duration.ofSeconds(-1)))
                .withMessage("serveStaleFor is PT-1S, must be zero or more. Use Duration.ZERO to turn it off.");
    }

    @Test
    void inRange_fractionAtTheEnds_isAllowed() {
        assertThatCode(() -> Checks.inRange("jitter", 0.0, 0, 0.5)).doesNotThrowAnyException();
        assertThatCode(() -> Checks.inRange("jitter", 0.5, 0, 0.5)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 0.51, Double.NaN, Double.POSITIVE_INFINITY})
    void inRange_fractionOutside_isRefused(double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.inRange("jitter", value, 0, 0.5))
                .withMessage("jitter is " + value + ", must be from 0.0 to 0.5.");
    }

    @Test
    void inRange_numberAtTheEnds_isAllowed() {
        assertThatCode(() -> Checks.inRange("schemaVersion", 0L, 0, 9)).doesNotThrowAnyException();
        assertThatCode(() -> Checks.inRange("schemaVersion", 9L, 0, 9)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 10})
    void inRange_numberOutside_isRefused(long value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checks.inRange("schemaVersion", value, 0, 9))
                .withMessage("schemaVersion is " + value + ", must be from 0 to 9.");
    }
}
