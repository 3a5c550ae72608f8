package dev.millpond.cache.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.oracle.FaultPlan.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    private static final List<Fault> FAULTS = List.of(
            Fault.ofMoment("moment", node -> {}),
            Fault.ofNetwork("network", node -> {}, node -> {}),
            Fault.ofServers("servers", () -> {}, () -> {}));

    private static List<Step> steps(long seed, int count) {
        return Stream.generate(new FaultPlan(FAULTS, seed)::next).limit(count).toList();
    }

    @Test
    void next_sameSeed_repeatsThePlan() {
        assertThat(steps(7, 100)).isEqualTo(steps(7, 100)).isNotEqualTo(steps(8, 100));
    }

    @Test
    void next_eachRound_hasEveryFaultOnce() {
        List<Step> steps = steps(7, 2 * FAULTS.size());

        assertThat(steps.subList(0, FAULTS.size())).extracting(Step::fault).containsExactlyInAnyOrderElementsOf(FAULTS);
        assertThat(steps.subList(FAULTS.size(), steps.size()))
                .extracting(Step::fault)
                .containsExactlyInAnyOrderElementsOf(FAULTS);
    }

    @Test
    void next_networkFaultOnly_hidesAMoment() {
        List<Step> hiding =
                steps(7, 100).stream().filter(step -> step.meanwhile() != null).toList();

        assertThat(hiding).isNotEmpty().allSatisfy(step -> {
            assertThat(step.fault().name()).isEqualTo("network");
            assertThat(step.meanwhile()).isEqualTo(FAULTS.get(0));
        });
    }
}
