package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Comparison COMPARISON =
            new Comparison("cache", "", List.of(scenario("memory"), scenario("redis-1"), scenario("redis-8")));

    private static Scenario scenario(String name) {
        return new Scenario(name, name, (peer, bench) -> Sample.of(Metric.TIME, 0), List.of(), List.of());
    }

    @Test
    void chosen_noNames_isAll() {
        assertThat(COMPARISON.chosen("")).hasSize(3);
    }

    @Test
    void chosen_names_areThose() {
        assertThat(COMPARISON.chosen("redis-8,memory"))
                .extracting(Scenario::name)
                .containsExactly("memory", "redis-8");
    }

    @Test
    void chosen_nameGivenTwice_isOne() {
        assertThat(COMPARISON.chosen("memory,memory")).hasSize(1);
    }

    @Test
    void chosen_oneNameOfSeveralIsWrong_isRefused() {
        assertThatThrownBy(() -> COMPARISON.chosen("memory,hot")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void chosen_nothingOfThatName_saysWhatThereIs() {
        assertThatThrownBy(() -> COMPARISON.chosen("hot"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("BENCHMARKS_ONLY is 'hot', must name scenarios of 'cache':" + " memory, redis-1, redis-8.");
    }
}
