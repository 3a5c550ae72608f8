package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.internal.RecordedLog;
import dev.millpond.runtime.spi.ProgressView;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownProgressTest {

    private final FakeNode node = new FakeNode();

    private ShownProgress shown() {
        return new ShownProgress(node, node.ticker, FakeTicker.START, "warm-up", "teams");
    }

    @Test
    void at_longRun_isLoggedEveryFiveSecondsUntilItIsClosed() {
        try (RecordedLog log = RecordedLog.ofEverybody()) {
            ShownProgress shown = shown();
            shown.at(100, 400);
            node.pass(Duration.ofSeconds(6));
            shown.at(150, 400);
            node.pass(Duration.ofSeconds(5));
            shown.close();
            node.pass(Duration.ofMinutes(1));

            assertThat(log.lines())
                    .containsExactly(
                            "INFO Warm-up 'teams' has done 100 of 400 (25 %) after 5.0 s, 20 per second, 15 s left.",
                            "INFO Warm-up 'teams' has done 150 of 400 (37 %) after 10 s, 15 per second, 17 s left.");
        }
    }

    @Test
    void at_onATerminal_isDrawnUntilItIsClosed() {
        List<String> printed = new ArrayList<>();
        FakeNode bar = new FakeNode();
        ShownProgress shown = shown();
        new StartBar(bar, printed::add, "warm-ups", List.of(shown)).later();

        shown.at(5, 10);
        bar.pass(Duration.ofMillis(300));
        shown.close();
        bar.pass(Duration.ofMinutes(1));

        assertThat(printed)
                .containsExactly(
                        "\r[##########----------]  50 %  0 of 1 warm-ups  teams 5/10",
                        "\r[####################] 100 %  1 of 1 warm-ups            \n");
    }

    @Test
    void close_beforeTheFirstLookAtATerminal_leavesNoTrace() {
        List<String> printed = new ArrayList<>();
        FakeNode bar = new FakeNode();
        ShownProgress shown = shown();
        new StartBar(bar, printed::add, "warm-ups", List.of(shown)).later();

        shown.close();
        bar.pass(Duration.ofMinutes(1));

        assertThat(printed).isEmpty();
    }

    @Test
    void begin_noThreadForIt_showsNothingAndEndsTheTimer() {
        FullSystem timer = new FullSystem();

        try (ProgressView view = ShownProgress.begin(timer, "warm-up", "teams")) {
            view.at(1, 2);
        }

        assertThat(timer.closed).isEqualTo(1);
    }

    /** A timer for which the system has no thread. */
    private static final class FullSystem implements JobTimer {

        private int closed;

        @Override
        public void after(Duration delay, Runnable action) {
            throw new OutOfMemoryError("unable to create native thread");
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
