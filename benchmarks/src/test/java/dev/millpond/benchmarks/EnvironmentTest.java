package dev.millpond.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvironmentTest {

    private static Environment environment(String model) {
        return new Environment("17", "7.0.15", "libc", 2, model, 6L << 30, "Linux 6.1.0", "2026-01-01");
    }

    @Test
    void text_always_saysWhatTheMachineIs() {
        assertThat(environment("Fast 3000").text())
                .isEqualTo("JDK 17, Redis 7.0.15 on libc, 2 processors (Fast 3000), 6.0 GiB of memory, Linux 6.1.0,"
                        + " on 2026-01-01");
    }

    @Test
    void text_modelIsNotKnown_leavesItOut() {
        assertThat(environment("").text()).startsWith("JDK 17, Redis 7.0.15 on libc, 2 processors, 6.0 GiB of memory,");
    }

    @Test
    void model_twoProcessors_isThatOfTheFirst() {
        assertThat(Environment.model("""
                processor\t: 0
                model\t\t: 17
                model name\t: Fast 3000 @ 3 GHz
                stepping\t: 1
                processor\t: 1
                model name\t: Slow 1000
                """)).isEqualTo("Fast 3000 @ 3 GHz");
    }

    @Test
    void model_noneNamed_isEmpty() {
        assertThat(Environment.model("processor\t: 0\nmodel name\t:\nBogoMIPS\t: 50.00\n"))
                .isEmpty();
    }
}
