package dev.millpond.spring.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.spring.WarmUpSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.Ordered;

@ExtendWith(OutputCaptureExtension.class)
final class JobsStartTest {

    private final CountDownLatch end = new CountDownLatch(1);

    private static WarmUpSettings readyAfter(Duration limit, String... warmers) {
        return settings(Map.of(
                "warm-up.ready-after", String.join(",", warmers),
                "warm-up.ready-limit", limit.toString()));
    }

    private static WarmUpSettings settings(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("warm-up", WarmUpSettings.class);
    }

    @Test
    void run_limitIsOver_namesTheWarmUpsThatGoOn(CapturedOutput output) {
        try (Jobs jobs = Jobs.builder()
                .job(Job.of("warm-up:quick", run -> Map.of()).atStart())
                .job(Job.of("warm-up:slow", run -> {
                            end.await();
                            return Map.of();
                        })
                        .atStart())
                .build()) {
            jobs.start();
            assertThat(jobs.awaitFirstRuns(List.of("warm-up:quick"), Duration.ofSeconds(20)))
                    .isTrue();
            new JobsStart(List.of(jobs), jobs, readyAfter(Duration.ofMillis(1), "quick", "slow"))
                    .run(new DefaultApplicationArguments());
            end.countDown();
        }
        assertThat(output).contains("The warm-ups of [slow] have not ended within");
    }

    @Test
    void run_warmUpFails_isOverAllTheSame(CapturedOutput output) {
        try (Jobs jobs = Jobs.builder()
                .job(Job.of("warm-up:broken", run -> {
                            throw new IllegalStateException("broken");
                        })
                        .atStart())
                .build()) {
            new JobsStart(List.of(jobs), jobs, readyAfter(Duration.ofMinutes(1), "broken"))
                    .run(new DefaultApplicationArguments());
            assertThat(jobs.state("warm-up:broken").last())
                    .map(JobState.Result::status)
                    .contains(JobState.Status.FAILED);
        }
        assertThat(output).containsPattern("until the warm-ups of \\[broken] had ended");
    }

    @Test
    void create_jobsOfTheApplicationWithoutAHotKeyWarmUp_isRefused() {
        WarmUpSettings settings = settings(Map.of("warm-up.hot-keys-of", "products"));
        try (Jobs jobs = Jobs.builder().job(Job.of("clean", run -> Map.of())).build()) {
            assertThatThrownBy(() -> new JobsStart(List.of(jobs), jobs, settings))
                    .hasMessage(
                            "Property 'millpond.cache.warm-up.hot-keys-of' names 'products', but the application has a"
                                    + " bean of type Jobs of its own, without the job 'warm-up:products'. Give it that job, or"
                                    + " remove 'products' here.");
        }
    }

    @Test
    void order_always_isBeforeTheRunnersOfTheApplication() {
        assertThat(new JobsStart(List.of(), null, readyAfter(Duration.ofMinutes(1))).getOrder())
                .isEqualTo(Ordered.HIGHEST_PRECEDENCE);
    }
}
