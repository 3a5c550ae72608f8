package dev.millpond.examples.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.examples.contract.RunningApplication;
import dev.millpond.examples.contract.SharedRedisContract;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.Tier;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

class StandingsServerIT extends SharedRedisContract {

    @Override
    protected RunningApplication start(String databaseUrl, String redisUrl) throws Exception {
        RunningServer running = RunningServer.start(
                new Settings(0, Optional.of(redisUrl), databaseUrl, Map.of(Tier.FREE, FailurePolicy.DENY)));
        assertThat(running.server().redis().awaitAvailable(Duration.ofSeconds(10)))
                .isTrue();
        return running;
    }
}
