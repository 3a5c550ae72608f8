package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Jobs;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    @Test
    void start_withTheProfileWarm_answersTheFirstRequestFromTheCache() throws Exception {
        try (RunningBoot running = RunningBoot.start("jdbc:h2:mem:warm", "--spring.profiles.active=warm")) {
            Jobs jobs = running.context().getBean(Jobs.class);
            assertThat(jobs.state("warm-up:standings").last())
                    .hasValueSatisfying(last -> assertThat(last.counts()).containsEntry("loaded", 6L));
            assertThat(jobs.state("warm-up:standings").schedule()).isEqualTo("every PT1M, at start");

            assertThat(running.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(running.get("/standings/F").headers().firstValue("Cache-Status"))
                    .hasValueSatisfying(status -> assertThat(status).startsWith("\"standings\";hit"));
            assertThat(running.get("/actuator/millpondjobs").body()).contains("\"warm-up:standings\"");
        }
    }
}
