package dev.millpond.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.benchmarks.measure.Scenario;
import dev.millpond.benchmarks.measure.SuiteRules;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingSuiteTest {

    private static List<String> points(boolean quick, String name) {
        return ScalingSuite.scenarios(quick).stream()
                .filter(scenario -> scenario.name().equals(name))
                .map(Scenario::peers)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void scenarios_targets_areOfPointsThatAreMeasured() {
        SuiteRules.check(ScalingSuite.scenarios(false));
        SuiteRules.check(ScalingSuite.scenarios(true));
    }

    @Test
    void scenarios_full_haveAllPointsInOrder() {
        assertThat(points(false, "keys-memory"))
                .startsWith("1 000 keys", "10 000 keys", "100 000 keys", "1 000 000 keys");
        assertThat(points(false, "tags-memory")).containsExactly("1 tag", "4 tags", "16 tags", "64 tags");
        assertThat(points(false, "nodes")).containsExactly("1 node", "2 nodes", "4 nodes", "10 nodes");
        assertThat(points(false, "nodes-limits")).isEqualTo(points(false, "nodes"));
    }

    @Test
    void scenarios_masters_areTheLast() {
        for (boolean quick : new boolean[] {false, true}) {
            assertThat(ScalingSuite.scenarios(quick)).extracting(Scenario::name).endsWith("masters", "masters-limits");
        }
    }

    @Test
    void scenarios_quick_haveTheEndsOfEachScale() {
        assertThat(points(true, "keys-memory"))
                .containsExactly("1 000 keys", "1 000 000 keys", "Caffeine, 1 000 keys", "Caffeine, 1 000 000 keys");
        assertThat(points(true, "masters")).containsExactly("1 master", "3 masters");
        assertThat(points(true, "invalidate-tag")).isEqualTo(points(false, "invalidate-tag"));
    }
}
