package dev.millpond.cache.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.oracle.FaultPlan.Step;
import dev.millpond.cache.oracle.Violation.Promise;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
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

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @Test
    void reads_withoutTrustWindow_missInvalidationsWhileCutOff() {
        try (Fleet fleet = new SingleServer(redis.server())) {
            // A node that writes would notice at its first invalidation that it is cut off.
            assertThat(firstBroken(fleet, Mutants.WITHOUT_TRUST_WINDOW, again(blackHole(fleet, 0)), node -> node != 0))
                    .isEqualTo(Promise.BOUND);
        }
    }

    @Test
    void reads_withPlainSet_findWhatAnotherProgramRemovedDuringTheLoad() {
        try (Fleet fleet = new SingleServer(redis.server())) {
            assertThat(firstBroken(fleet, Mutants.WITH_PLAIN_SET, again(nothing()), node -> false))
                    .isEqualTo(Promise.BOUND);
        }
    }

    @Test
    void reads_withoutTags_missTheirOwnInvalidations() {
        try (Fleet fleet = new SingleServer(redis.server())) {
            assertThat(firstBroken(fleet, Mutants.WITHOUT_TAGS, again(nothing()), node -> true))
                    .isEqualTo(Promise.OWN_WRITES);
        }
    }

    @Test
    void reads_withoutDependencies_missTheirOwnInvalidations() {
        try (Fleet fleet = new SingleServer(redis.server())) {
            assertThat(firstBroken(fleet, Mutants.WITHOUT_DEPENDENCIES, again(nothing()), node -> true))
                    .isEqualTo(Promise.OWN_WRITES);
        }
    }

    private static Promise firstBroken(Fleet fleet, Variant mutant, Iterator<Step> plan, IntPredicate writing) {
        Report report = Trial.run(fleet, new Scenario(mutant, plan, LONGEST, writing, SEED));
        assertThat(report.violations())
                .describedAs("%s: %s", mutant.name(), report)
                .isNotEmpty();
        return report.violations().get(0).promise();
    }

    private static Step blackHole(Fleet fleet, int node) {
        Fault blackHole = fleet.faults().stream()
                .filter(fault -> fault.name().equals("black hole"))
                .findFirst()
                .orElseThrow();
        return new Step(blackHole, node, Variant.BOUND.multipliedBy(3), null, Duration.ZERO);
    }

    private static Step nothing() {
        return new Step(Fault.ofMoment("nothing", node -> {}), 0, Duration.ZERO, null, Duration.ofSeconds(1));
    }

    private static Iterator<Step> again(Step step) {
        return Stream.generate(() -> step).iterator();
    }
}
