package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.internal.WaitForGraph.Verdict;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitForGraphTest {

    private final TagTable table = Fixtures.table(new FakeTicker());
    private final SingleFlight<String, String> flights =
            new SingleFlight<>(Fixtures.CACHE, table, null, Duration.ofMinutes(1));
    private final WaitForGraph graph = new WaitForGraph();
    private final List<Caller> callers = new ArrayList<>();
    private final Caller one = new Caller();
    private final Caller two = new Caller();
    private final Caller three = new Caller();

    @AfterEach
    void stop() {
        callers.forEach(caller -> caller.thread.shutdownNow());
    }

    /** A thread that does one step at a time. */
    private final class Caller {

        private final ExecutorService thread = Executors.newSingleThreadExecutor();

        private Caller() {
            callers.add(this);
        }

        private <T> T step(Callable<T> step) throws Exception {
            return thread.submit(step).get();
        }

        /** Takes off for a key whose load is still to begin. */
        Flight<String> takeOff(String key) throws Exception {
            return this.<Flight<String>>step(
                    () -> Objects.requireNonNull(flights.tryLead(Fixtures.request(key, table.stamp()))));
        }

        Flight<String> takeOffAndLoad(String key) throws Exception {
            Flight<String> flight = takeOff(key);
            step(() -> LoadScope.open(Fixtures.CACHE, table, table.stamp(), Set.of(Names.entry(Fixtures.CACHE, key))));
            return flight;
        }

        Verdict enter(Flight<String> flight) throws Exception {
            return step(() -> graph.enter(flight));
        }

        void leave() throws Exception {
            step(() -> {
                graph.leave();
                return true;
            });
        }
    }

    @Test
    void enter_outsideOfLoads_waitsAndIsNotNoted() throws Exception {
        Flight<String> flight = two.takeOffAndLoad("b");

        assertThat(one.enter(flight)).isEqualTo(Verdict.WAIT);

        assertThat(graph.isEmpty()).isTrue();
    }

    @Test
    void enter_leaderDoesNotWait_waitsAndIsNotedUntilItLeaves() throws Exception {
        one.takeOffAndLoad("a");
        Flight<String> flight = two.takeOffAndLoad("b");

        assertThat(one.enter(flight)).isEqualTo(Verdict.WAIT);
        assertThat(graph.isEmpty()).isFalse();
        one.leave();

        assertThat(graph.isEmpty()).isTrue();
    }

    @Test
    void enter_leaderWaitsForThisLoad_isACircleAndIsNotNoted() throws Exception {
        Flight<String> a = one.takeOffAndLoad("a");
        Flight<String> b = two.takeOffAndLoad("b");
        assertThat(one.enter(b)).isEqualTo(Verdict.WAIT);

        assertThat(two.enter(a)).isEqualTo(Verdict.CIRCLE);

        one.leave();
        assertThat(graph.isEmpty()).isTrue();
    }

    @Test
    void enter_leaderWaitsForThisLoadOverAnother_isACircle() throws Exception {
        Flight<String> a = one.takeOffAndLoad("a");
        Flight<String> b = two.takeOffAndLoad("b");
        Flight<String> c = three.takeOffAndLoad("c");
        assertThat(one.enter(b)).isEqualTo(Verdict.WAIT);
        assertThat(two.enter(c)).isEqualTo(Verdict.WAIT);

        assertThat(three.enter(a)).isEqualTo(Verdict.CIRCLE);
    }

    @Test
    void enter_leaderWaitsForAnOuterLoadOfThisThread_isACircle() throws Exception {
        Flight<String> a = one.takeOffAndLoad("a");
        one.takeOffAndLoad("inner");
        Flight<String> b = two.takeOffAndLoad("b");
        assertThat(two.enter(a)).isEqualTo(Verdict.WAIT);

        assertThat(one.enter(b)).isEqualTo(Verdict.CIRCLE);
    }

    @Test
    void enter_leaderWaitsForAnotherThread_waits() throws Exception {
        one.takeOffAndLoad("a");
        Flight<String> b = two.takeOffAndLoad("b");
        Flight<String> c = three.takeOffAndLoad("c");
        assertThat(two.enter(c)).isEqualTo(Verdict.WAIT);

        assertThat(one.enter(b)).isEqualTo(Verdict.WAIT);
    }

    @Test
    void enter_leaderWaitsForALaterKeyOfThisThread_isAKnot() throws Exception {
        one.takeOffAndLoad("a");
        Flight<String> later = one.takeOff("later");
        Flight<String> b = two.takeOffAndLoad("b");
        assertThat(two.enter(later)).isEqualTo(Verdict.WAIT);

        assertThat(one.enter(b)).isEqualTo(Verdict.KNOT);
    }

    @Test
    void enter_laterKeyOfAThreadThatWaitsForThisLoad_isAKnot() throws Exception {
        one.takeOffAndLoad("a");
        Flight<String> later = one.takeOff("later");
        Flight<String> b = two.takeOffAndLoad("b");
        assertThat(one.enter(b)).isEqualTo(Verdict.WAIT);

        assertThat(two.enter(later)).isEqualTo(Verdict.KNOT);
    }

    @Test
    void enter_laterKeyOfThisThread_isAKnot() throws Exception {
        one.takeOffAndLoad("a");
        Flight<String> later = one.takeOff("later");

        assertThat(one.enter(later)).isEqualTo(Verdict.KNOT);
    }

    /** It has been woken, and has not left yet. */
    @Test
    void enter_whatTheLeaderWaitedForHasLanded_waits() throws Exception {
        Flight<String> a = one.takeOffAndLoad("a");
        Flight<String> b = two.takeOffAndLoad("b");
        assertThat(two.enter(a)).isEqualTo(Verdict.WAIT);
        flights.land("a", a, Fixtures.answer("v", table.stamp()));

        assertThat(one.enter(b)).isEqualTo(Verdict.WAIT);
    }

    @Test
    void enter_leaderHasGivenUp_waits() throws Exception {
        Flight<String> a = one.takeOffAndLoad("a");
        Flight<String> b = two.takeOffAndLoad("b");
        assertThat(two.enter(a)).isEqualTo(Verdict.WAIT);
        two.leave();

        assertThat(one.enter(b)).isEqualTo(Verdict.WAIT);
    }
}
