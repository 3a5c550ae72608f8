package dev.millpond.benchmarks.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.benchmarks.Environment;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchReportTest {

    private static final BatchStep PUT = new BatchStep("putAll", 2_000, 2_000, 0, 500, 20 << 20, 12);
    private static final BatchStep GET = new BatchStep("getAll", 2_000, 1_999, 7, 1_000, 21 << 20, 5);

    private static BatchReport report(BatchStep... steps) {
        return new BatchReport(
                new Environment("17", "7.0.15", "libc", 2, "", 6L << 30, "Linux 6.1.0", "2026-01-01"),
                64,
                List.of(steps));
    }

    @Test
    void markdown_steps_areRowsWithTheirRates() {
        assertThat(report(PUT, GET).markdown()).isEqualTo("""
                | batch | time | keys per second | live heap after it | commands | loaded | wrong |
                |---|---|---|---|---|---|---|
                | putAll | 0.5 s | 4000 | 20 MiB | 12 | 0 | 0 |
                | getAll | 1.0 s | 2000 | 21 MiB | 5 | 7 | 1 |

                2000 keys, in a heap of 64 MiB, with JDK 17, Redis 7.0.15 on libc, 2 processors, 6.0 GiB of memory, Linux 6.1.0, on 2026-01-01.
                """);
    }

    @Test
    void good_aKeyIsWrong_isFalse() {
        assertThat(report(PUT).good()).isTrue();
        assertThat(report(PUT, GET).good()).isFalse();
        assertThat(report().good()).isFalse();
        assertThat(report(PUT, GET).verdict()).isEqualTo("millpond: 1 of 2 batches dealt with all keys");
    }

    @Test
    void of_lineOfAnotherProcess_isTheStep() {
        assertThat(BatchStep.of(GET.line())).isEqualTo(GET);
    }
}
