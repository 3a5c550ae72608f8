package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartBarTest {

    private final FakeNode node = new FakeNode();
    private final List<String> printed = new ArrayList<>();

    @Test
    void later_runsAtTheStart_areDrawnUntilTheyHaveEnded() {
        Job job = Job.of("warm-up", run -> {
                    run.progress(5, 10);
                    node.pass(Duration.ofMillis(600));
                    return Map.of();
                })
                .atStart();
        ManagedJob managed = new ManagedJob(job, node.node(), new JobOrders(null, "shop"), () -> true);
        new StartBar(node, printed::add, "jobs", List.of(managed)).later();
        node.takeThreads();
        managed.startFirst();
        node.pass(Duration.ofMillis(300));

        node.giveThreads();
        node.pass(Duration.ofMinutes(1));

        String half = "\r[##########----------]  50 %  0 of 1 jobs  warm-up 5/10";
        assertThat(printed)
                .containsExactly(
                        "\r[--------------------]   0 %  0 of 1 jobs",
                        half, half, "\r[####################] 100 %  1 of 1 jobs              \n");
    }
}
