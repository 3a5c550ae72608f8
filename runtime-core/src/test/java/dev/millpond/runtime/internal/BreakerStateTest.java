package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BreakerStateTest {

    private static final BreakerState CLOSED_AT_100 = BreakerState.initial(0).afterAnsweredProbe(100);

    @Test
    void initial_always_isOpen() {
        assertThat(BreakerState.initial(7)).isEqualTo(new BreakerState(true, 0, 0, 0, 7, 7));
    }

    @Test
    void afterAnsweredProbe_open_closes() {
        assertThat(CLOSED_AT_100).isEqualTo(new BreakerState(false, 0, 0, 0, 100, 100));
    }

    @Test
    void afterSuccess_open_staysOpen() {
        BreakerState open = BreakerState.initial(0);

        assertThat(open.afterSuccess(50)).isEqualTo(open);
    }

    @Test
    void afterFailure_fourInARow_staysClosed() {
        BreakerState state = failures(CLOSED_AT_100, 4);

        assertThat(state).isEqualTo(new BreakerState(false, 4, 0, 0, 100, 204));
    }

    @Test
    void afterFailure_fiveInARow_opens() {
        BreakerState state = failures(CLOSED_AT_100, 5);

        assertThat(state).isEqualTo(new BreakerState(true, 0, 0, 1, 205, 205));
    }

    @Test
    void afterFailure_manyCallsOnTheirWayTogether_countOnce() {
        BreakerState state = CLOSED_AT_100;
        for (int i = 0; i < 50; i++) {
            state = state.afterFailure(200 + i, 300 + i);
        }

        assertThat(state).isEqualTo(new BreakerState(false, 1, 0, 0, 100, 300));
        assertThat(failures(state, 4).open()).isTrue();
    }

    @Test
    void afterFailure_successInBetween_countsAnew() {
        BreakerState state = failures(failures(CLOSED_AT_100, 4).afterSuccess(150), 4);

        assertThat(state.open()).isFalse();
        assertThat(failures(state, 1).open()).isTrue();
    }

    @Test
    void afterFailure_answeredProbeInBetween_goesOnCounting() {
        BreakerState state = failures(failures(CLOSED_AT_100, 4).afterAnsweredProbe(150), 1);

        assertThat(state.open()).isTrue();
    }

    @Test
    void afterFailure_callsFromBeforeTheOutage_doNotOpenAgain() {
        BreakerState recovered = failures(CLOSED_AT_100, 5).afterAnsweredProbe(700);

        BreakerState state = recovered;
        for (int i = 0; i < 10; i++) {
            state = state.afterFailure(150, 701);
        }

        assertThat(state).isEqualTo(recovered);
    }

    @Test
    void afterSuccess_callFromBeforeTheOutage_doesNotHideNewFailures() {
        BreakerState state = failures(failures(CLOSED_AT_100, 5).afterAnsweredProbe(190), 4);

        assertThat(state.afterSuccess(150)).isEqualTo(state);
    }

    @Test
    void afterFailedProbe_twoInARow_opens() {
        BreakerState once = CLOSED_AT_100.afterFailedProbe(600);

        assertThat(once.open()).isFalse();
        assertThat(once.afterFailedProbe(1_100)).isEqualTo(new BreakerState(true, 0, 0, 0, 1_100, 1_100));
    }

    @Test
    void afterFailedProbe_answeredInBetween_countsAnew() {
        BreakerState state =
                CLOSED_AT_100.afterFailedProbe(600).afterAnsweredProbe(1_100).afterFailedProbe(1_600);

        assertThat(state.open()).isFalse();
    }

    @Test
    void afterFailedProbe_callsSucceedMeanwhile_opensAllTheSame() {
        BreakerState state =
                CLOSED_AT_100.afterFailedProbe(600).afterSuccess(700).afterFailedProbe(1_100);

        assertThat(state.open()).isTrue();
    }

    @Test
    void afterFailedProbe_open_keepsTheTimeOfTheChange() {
        BreakerState open = BreakerState.initial(0);

        assertThat(open.afterFailedProbe(500)).isEqualTo(open);
    }

    @Test
    void afterSlowProbe_neverAnsweredBefore_closes() {
        assertThat(BreakerState.initial(0).afterSlowProbe(100)).isEqualTo(CLOSED_AT_100);
    }

    @Test
    void afterSlowProbe_twoInARow_opensUntilOneIsQuick() {
        BreakerState once = CLOSED_AT_100.afterSlowProbe(600);
        BreakerState twice = once.afterSlowProbe(1_100);

        assertThat(once.open()).isFalse();
        assertThat(twice).isEqualTo(new BreakerState(true, 0, 0, 2, 1_100, 1_100));
        assertThat(twice.afterSlowProbe(1_600)).isEqualTo(twice);
        assertThat(twice.afterAnsweredProbe(2_100)).isEqualTo(new BreakerState(false, 0, 0, 0, 2_100, 2_100));
    }

    @Test
    void afterSlowProbe_probesFailThen_staysOpenAndTellsThatAnswersNoLongerCome() {
        BreakerState slow = CLOSED_AT_100.afterSlowProbe(600).afterSlowProbe(1_100);
        BreakerState dead = slow.afterFailedProbe(1_600).afterFailedProbe(2_100);

        assertThat(slow.answersSlowly()).isTrue();
        assertThat(slow.afterFailedProbe(1_600).answersSlowly()).isTrue();
        assertThat(dead.answersSlowly()).isFalse();
        assertThat(dead.afterFailedProbe(2_600)).isEqualTo(dead);
        assertThat(dead.changedAt()).isEqualTo(1_100);
        assertThat(dead.afterSlowProbe(2_600)).isEqualTo(slow);
        assertThat(dead.afterAnsweredProbe(2_600)).isEqualTo(new BreakerState(false, 0, 0, 0, 2_600, 2_600));
    }

    @Test
    void afterSlowProbe_quickOneInBetween_countsAnew() {
        BreakerState state =
                CLOSED_AT_100.afterSlowProbe(600).afterAnsweredProbe(1_100).afterSlowProbe(1_600);

        assertThat(state.open()).isFalse();
    }

    @Test
    void afterSlowProbe_failedOneInBetween_goesOnCountingBoth() {
        BreakerState state = CLOSED_AT_100.afterSlowProbe(600).afterFailedProbe(1_100);

        assertThat(state.open()).isFalse();
        assertThat(state.afterSlowProbe(1_600).open()).isTrue();
    }

    @Test
    void afterFailure_clockWrapsAround_stillCounts() {
        BreakerState closed = BreakerState.initial(0).afterAnsweredProbe(Long.MAX_VALUE);

        assertThat(closed.afterFailure(Long.MAX_VALUE + 5, Long.MIN_VALUE + 6).failures())
                .isEqualTo(1);
    }

    private static BreakerState failures(BreakerState from, int count) {
        BreakerState state = from;
        for (int i = 0; i < count; i++) {
            long at = Math.max(200, state.countsFrom()) + 1;
            state = state.afterFailure(at, at);
        }
        return state;
    }
}
