package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an operator reads who gives the application a value that cannot work. */
@ExtendWith(OutputCaptureExtension.class)
class BadConfigurationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "millpond.rate-limit.tiers.free.burst | -1 | must be",
                "millpond.rate-limit.default-tier | gold | must be",
                "millpond.cache.caches.standings.time-to-live | 0s | must be",
                "millpond.redis.url | localhost:6379 | redis://",
            })
    void start_badValue_stopsAndNamesPropertyValueAndRule(
            String property, String value, String rule, CapturedOutput output) {
        assertThatThrownBy(() -> RunningBoot.start("jdbc:h2:mem:unused", "--" + property + "=" + value))
                .isInstanceOf(Exception.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(property)
                .contains(value)
                .contains(rule);
    }
}
