package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTableTest {

    @Test
    void of_verdicts_isMarkdown() {
        Verdict verdict = new Verdict("one key", "A: Redis memory ≤ 200 B", "184 B", "met");

        assertThat(TargetTable.of(List.of(verdict))).isEqualTo("""
                | path | target | measured | |
                |---|---|---|---|
                | one key | A: Redis memory ≤ 200 B | 184 B | met |
                """);
    }
}
