package dev.millpond.cache.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.oracle.FaultPlan.Step;
import dev.millpond.cache.oracle.Scenario.Reading;
import dev.millpond.cache.oracle.Violation.Promise;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The oracle finds out nodes that lack one guarantee: were it blind, its silence about the real ones meant nothing. */
@ExtendWith(QuietLogs.class)
class MutantsIT {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int SEED = 1;

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private Fleet fleet;

    @BeforeEach
    void start() {
        redis.server().flush();
        fleet = new SingleServer(redis.server());
    }

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void reads_withoutTrustWindow_missInvalidationsWhileCutOff() {
        // A node that writes would notice at its first invalidation that it is cut off.
        assertThat(firstBroken(Mutants.WITHOUT_TRUST_WINDOW, blackHole(0), node -> node != 0, Reads::any))
                .isEqualTo(Promise.BOUND);
    }

    @Test
    void reads_withPlainSet_findWhatAnotherProgramRemovedDuringTheLoad() {
        assertThat(firstBroken(Mutants.WITH_PLAIN_SET, nothing(), node -> false, Reads::anyForeign))
                .isEqualTo(Promise.BOUND);
    }

    @Test
    void reads_withoutTags_missTheirOwnInvalidations() {
        assertThat(firstBroken(Mutants.WITHOUT_TAGS, nothing(), node -> true, Reads::anyDependant))
                .isEqualTo(Promise.OWN_WRITES);
    }

    @Test
    void reads_withoutDependencies_missTheirOwnInvalidations() {
        assertThat(firstBroken(Mutants.WITHOUT_DEPENDENCIES, nothing(), node -> true, Reads::anyDependant))
                .isEqualTo(Promise.OWN_WRITES);
    }

    @Test
    void reads_withoutChecks_missWhatAnotherNodeHasJustInvalidated() {
        // A node that writes learns of all that came before.
        assertThat(firstBroken(Mutants.WITHOUT_CHECKS, nothing(), node -> node != 0, Reads::anyStrict))
                .isEqualTo(Promise.STRICT);
    }

    private Promise firstBroken(Variant mutant, Step step, IntPredicate writing, Reading reading) {
        Iterator<Step> plan = Stream.generate(() -> step).iterator();
        Report report = Trial.run(fleet, new Scenario(mutant, plan, LONGEST, writing, reading, SEED));
        assertThat(report.violations())
                .describedAs("%s: %s", mutant.name(), report)
                .isNotEmpty();
        return report.violations().get(0).promise();
    }

    private Step blackHole(int node) {
        Fault blackHole = fleet.faults().stream()
                .filter(fault -> fault.name().equals("black hole"))
                .findFirst()
                .orElseThrow();
        return new Step(blackHole, node, Variant.BOUND.multipliedBy(3), null, Duration.ZERO);
    }

    private static Step nothing() {
        return new Step(Fault.ofMoment("nothing", node -> {}), 0, Duration.ZERO, null, Duration.ofSeconds(1));
    }
}
