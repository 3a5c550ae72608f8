package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.examples.standings.StandingsService;
import dev.millpond.runtime.Jobs;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    @Test
    void start_readyAfterTheWarmUp_answersTheFirstRequestFromTheCache() {
        try (RunningBoot running = RunningBoot.start(
                "jdbc:h2:mem:warm",
                "--standings.warm-up=true",
                "--millpond.cache.warm-up.ready-after=standings",
                "--millpond.cache.warm-up.warmers.standings.refresh-every=1m")) {
            StandingsService service = running.context().getBean(StandingsService.class);
            Jobs jobs = running.context().getBean(Jobs.class);

            assertThat(service.standings("F").source()).isEqualTo(Source.LOCAL);
            assertThat(jobs.state("warm-up:standings").last())
                    .hasValueSatisfying(last -> assertThat(last.counts()).containsEntry("loaded", 6L));
            assertThat(jobs.state("refresh:standings").nextRun()).isPresent();
        }
    }
}
