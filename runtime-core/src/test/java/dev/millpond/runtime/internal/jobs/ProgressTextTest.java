package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.JobRun.Cause;
import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTextTest {

    private static Progress progress(long done, long total) {
        return new Progress(done, total, Instant.EPOCH, Cause.START);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 | 5 | is running after 5.0 s.",
                "0 | 100 | 5 | is running after 5.0 s.",
                "10 | 0 | 5 | has done 10 after 5.0 s, 2.0 per second.",
                "50 | 200 | 10 | has done 50 of 200 (25 %) after 10 s, 5.0 per second, 30 s left.",
                "1999 | 2000 | 100 | has done 1999 of 2000 (99 %) after 1 min 40 s, 20 per second, 0.0 s left.",
                "300 | 200 | 10 | has done 300 of 200 (100 %) after 10 s, 30 per second, 0.0 s left.",
                "1 | 10000 | 100 | has done 1 of 10000 (0 %) after 1 min 40 s, 0.0 per second, 16665 min 0 s left."
            })
    void line_progress_tellsDoneRateAndWhatIsLeft(long done, long total, long seconds, String text) {
        assertThat(ProgressText.line(progress(done, total), Duration.ofSeconds(seconds)))
                .isEqualTo(text);
    }

    @Test
    void end_result_tellsCountsAndFailure() {
        assertThat(ProgressText.end(new Result(
                        Status.SUCCEEDED,
                        Cause.START,
                        Instant.EPOCH,
                        Duration.ofMillis(1234),
                        Map.of("loaded", 12L, "failed", 0L),
                        Optional.empty(),
                        Optional.empty())))
                .isEqualTo("succeeded after 1.2 s: failed=0, loaded=12.");
        assertThat(ProgressText.end(new Result(
                        Status.FAILED,
                        Cause.START,
                        Instant.EPOCH,
                        Duration.ZERO,
                        Map.of(),
                        Optional.of("java.io.IOException: gone"),
                        Optional.empty())))
                .isEqualTo("failed after 0.0 s: java.io.IOException: gone.");
        assertThat(ProgressText.end(new Result(
                        Status.SUCCEEDED,
                        Cause.START,
                        Instant.EPOCH,
                        Duration.ofMinutes(10),
                        Map.of("loaded", 12L),
                        Optional.empty(),
                        Optional.of("its deadline of PT10M"))))
                .isEqualTo("succeeded after 10 min 0 s, stopped by its deadline of PT10M: loaded=12.");
    }

    @Test
    void bar_severalJobs_showsTheirShareOfAll() {
        assertThat(ProgressText.bar(0, 2, "jobs", Map.of())).isEqualTo("[--------------------]   0 %  0 of 2 jobs");
        assertThat(ProgressText.bar(1, 2, "jobs", new TreeMap<>(Map.of("a", progress(5, 10), "b", progress(5, 0)))))
                .isEqualTo("[###############-----]  75 %  1 of 2 jobs  a 5/10  b 5/?");
        assertThat(ProgressText.bar(2, 2, "jobs", Map.of())).isEqualTo("[####################] 100 %  2 of 2 jobs");
        assertThat(ProgressText.bar(0, 1, "jobs", Map.of("a".repeat(100), progress(1, 2))))
                .hasSize(79);
    }
}
