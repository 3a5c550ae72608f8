package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {

    private final List<@Nullable String> seen = new ArrayList<>();

    @AfterEach
    void clear() {
        MDC.clear();
    }

    private void look() {
        seen.add(MDC.get("id"));
    }

    private static void runOnAnotherThread(Runnable task) throws InterruptedException {
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
    }

    @Test
    void carried_onAnotherThread_isWhatItWasWhereTheTaskWasMade() throws Exception {
        MDC.put("id", "one");
        Runnable carried = LogContext.carried(this::look);
        MDC.put("id", "two");

        runOnAnotherThread(() -> {
            carried.run();
            look();
        });

        assertThat(seen).containsExactly("one", null);
        assertThat(MDC.get("id")).isEqualTo("two");
    }

    @Test
    void carried_threadHasAContextOfItsOwn_getsThatBackAlsoAfterAFailure() throws Exception {
        MDC.put("id", "one");
        Runnable failing = LogContext.carried(() -> {
            look();
            throw new IllegalStateException("broken");
        });

        runOnAnotherThread(() -> {
            MDC.put("id", "own");
            assertThatThrownBy(failing::run).hasMessage("broken");
            look();
        });

        assertThat(seen).containsExactly("one", "own");
    }

    @Test
    void carried_noContext_isNoneAlsoWhereTheThreadHasOne() throws Exception {
        Runnable carried = LogContext.carried(this::look);

        runOnAnotherThread(() -> {
            MDC.put("id", "of another task");
            carried.run();
            look();
        });

        assertThat(seen).containsExactly(null, "of another task");
    }
}
