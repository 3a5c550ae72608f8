package dev.millpond.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetRunTest {

    @Test
    void of_answersOfTwoNodes_addsThemUp() {
        FleetRun run = FleetRun.of(List.of("300 4000 2", "100 2000 1"), 2, Duration.ofSeconds(2));

        assertThat(run.operations()).isEqualTo(400);
        assertThat(run.cpuNanos()).isEqualTo(6_000);
        assertThat(run.strays()).isEqualTo(3);
        assertThat(run.perSecond()).isEqualTo(200);
        assertThat(run.nanosEach()).isEqualTo(10_000_000);
    }

    @Test
    void settings_asArguments_areTheSame() {
        NodeSettings settings = new NodeSettings("redis://127.0.0.1:1", "keys.txt", NodeWork.READS, 8, 100, 10);

        assertThat(NodeSettings.of(settings.arguments())).isEqualTo(settings);
    }
}
