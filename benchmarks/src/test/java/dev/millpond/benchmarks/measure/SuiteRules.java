package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What the scenarios of each suite keep to. */
public final class SuiteRules {

    private SuiteRules() {}

    /** Checks that targets are of peers that are measured, and that names are unique. */
    public static void check(List<Scenario> scenarios) {
        assertThat(scenarios).extracting(Scenario::name).doesNotHaveDuplicates();
        for (Scenario scenario : scenarios) {
            for (Target target : scenario.targets()) {
                assertThat(scenario.peers()).contains(target.peer()).containsAll(target.others());
            }
        }
    }
}
