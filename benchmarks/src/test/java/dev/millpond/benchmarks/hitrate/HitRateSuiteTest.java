package dev.millpond.benchmarks.hitrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HitRateSuiteTest {

    @Test
    void keys_ofEachRecording_areThere() throws Exception {
        for (RecordedReads reads : RecordedReads.ALL) {
            int[] keys = reads.keys(1_000);

            assertThat(keys).as(reads.title()).hasSize(1_000);
            assertThat(RecordedReads.distinct(keys)).as(reads.title()).isBetween(10L, 1_000L);
        }
    }

    @Test
    void read_threeNodes_addsUpTheirAnswers() {
        Set<String> shared = new HashSet<>();

        Answers answers = HitRateSuite.read(
                List.of(new Node(shared), new Node(shared), new Node(shared)), new int[] {1, 1, 1, 2});

        assertThat(answers.all()).isEqualTo(4);
        assertThat(answers.loader()).isEqualTo(2);
    }

    @Test
    void line_answers_areShares() {
        HitRateRow row = new HitRateRow("blocks", 10, 5, "Other", new Answers(60, 30, 10));

        assertThat(row.line())
                .isEqualToIgnoringNewLines("| 100 × blocks, 10 keys, 5 in a node's memory | Other | 60.0 % | 30.0 % |"
                        + " 10.0 % | 1.00 |");
    }

    @Test
    void loadsOnce_millpondLoadedTwice_isFalse() {
        Answers answers = new Answers(0, 0, 20);

        assertThat(HitRateSuite.loadsOnce(List.of(new HitRateRow("blocks", 10, 5, "Millpond", answers))))
                .isFalse();
        assertThat(HitRateSuite.loadsOnce(List.of(new HitRateRow("blocks", 10, 5, "Other", answers))))
                .isTrue();
    }

    @Test
    void loadsOnce_millpondLoadedNothing_isFalse() {
        assertThat(HitRateSuite.loadsOnce(List.of(new HitRateRow("blocks", 10, 5, "Millpond", new Answers(20, 0, 0)))))
                .isFalse();
    }

    /** Keeps what it reads in its own memory, and asks the shared one before it loads. */
    private static final class Node implements ReadingNode {

        private final Set<String> shared;
        private final Set<String> own = new HashSet<>();
        private long memory;
        private long redis;
        private long loads;

        private Node(Set<String> shared) {
            this.shared = shared;
        }

        @Override
        public void read(String key) {
            if (!own.add(key)) {
                memory++;
            } else if (shared.add(key)) {
                loads++;
            } else {
                redis++;
            }
        }

        @Override
        public Answers answers() {
            return new Answers(memory, redis, loads);
        }
    }
}
