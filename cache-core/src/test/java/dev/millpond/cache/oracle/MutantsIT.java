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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle finds out nodes that lack one guarantee: were it blind, its silence about the real ones meant nothing. */
@Tag("one-jdk")
@ExtendWith(QuietLogs.class)
class MutantsIT {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(5);
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

    /** What a node skips may be what it has just invalidated itself: either promise may be the first to break. */
    @Test
    void reads_withoutFloor_missWhatTheLogHasForgotten() {
        Step step = cutOffWhile("log's stream deleted");
        assertThat(firstBroken(Mutants.WITHOUT_FLOOR, step, node -> node == 1, Reads::anyDependant))
                .isIn(Promise.BOUND, Promise.OWN_WRITES);
    }

    @Test
    void reads_withoutEpoch_missWhatWasLostWithTheLog() {
        Step step = cutOffWhile("log's hash deleted");
        assertThat(firstBroken(Mutants.WITHOUT_EPOCH, step, node -> node == 1, Reads::anyDependant))
                .isIn(Promise.BOUND, Promise.OWN_WRITES);
    }

    /**
     * Cut off for less than the bound, and often: an invalidation under way at that moment would be kept all the same.
     */
    @Test
    void reads_withoutPending_missWhatWasNotSent() {
        Duration shorterThanTheBound = Variant.BOUND.multipliedBy(3).dividedBy(4);
        Step step = new Step(fault("black hole"), 0, shorterThanTheBound, null, Duration.ofMillis(500));
        assertThat(firstBroken(Mutants.WITHOUT_PENDING, step, node -> node == 0, Reads::anyDependant))
                .isIn(Promise.OWN_WRITES, Promise.BOUND);
    }

    /** The same plans, which these nodes have to come through. */
    @ParameterizedTest
    @ValueSource(strings = {"log's stream deleted", "log's hash deleted"})
    void reads_asShippedAndCutOffWhileTheLogIsLost_keepEveryPromise(String lost) {
        assertThat(run(Variant.AS_SHIPPED, cutOffWhile(lost), SHORT, node -> node == 1, Reads::anyDependant)
                        .violations())
                .isEmpty();
    }

    private Promise firstBroken(Variant mutant, Step step, IntPredicate writing, Reading reading) {
        Report report = run(mutant, step, LONGEST, writing, reading);
        assertThat(report.violations())
                .describedAs("%s: %s", mutant.name(), report)
                .isNotEmpty();
        return report.violations().get(0).promise();
    }

    private Report run(Variant variant, Step step, Duration length, IntPredicate writing, Reading reading) {
        Iterator<Step> plan = Stream.generate(() -> step).iterator();
        return Trial.run(fleet, new Scenario(variant, plan, length, writing, reading, SEED));
    }

    private Step blackHole(int node) {
        return new Step(fault("black hole"), node, Variant.BOUND.multipliedBy(3), null, Duration.ZERO);
    }

    /** The first node is away for so short that it may trust what it has all the time. */
    private Step cutOffWhile(String lost) {
        return new Step(fault("black hole"), 0, Duration.ofSeconds(1), fault(lost), Duration.ofSeconds(2));
    }

    private Fault fault(String name) {
        return fleet.faults().stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Step nothing() {
        return new Step(Fault.ofMoment("nothing", node -> {}), 0, Duration.ZERO, null, Duration.ofSeconds(1));
    }
}
