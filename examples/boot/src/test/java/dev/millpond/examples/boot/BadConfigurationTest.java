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
                "millpond.rate-limit.tiers.free.burst | -1"
                        + " | is '-1', must be 0 or more. | Set it to 0 for a tier without a burst",
                "millpond.rate-limit.default-tier | gold"
                        + " | is 'gold', must be one of the tiers [anonymous, enterprise, free, pro, standard]."
                        + " | Use one of these or define 'millpond.rate-limit.tiers.gold.limit'.",
                "millpond.cache.caches.standings.time-to-live | 0s"
                        + " | is '0s', must be at least 1 ms. | Give a duration such as 5m",
                "millpond.redis.url | localhost:6379"
                        + " | Redis URL 'localhost:6379' has no redis:// or rediss:// scheme."
                        + " | Set 'millpond.redis.url' to a URL such as redis://localhost:6379",
            })
    void start_badValue_stopsAndNamesPropertyValueRuleAndFix(
            String property, String value, String rule, String fix, CapturedOutput output) {
        assertThatThrownBy(() -> RunningBoot.start("jdbc:h2:mem:unused", "--" + property + "=" + value))
                .isInstanceOf(Exception.class);

        assertThat(output)
                .containsSubsequence(
                        "APPLICATION FAILED TO START", "Property '" + property + "'", rule, "Action:", fix);
    }
}
