package dev.millpond.examples.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.examples.contract.RunningApplication;
import dev.millpond.examples.contract.SharedRedisContract;
import java.time.Duration;
import java.util.Optional;

class StandingsServerIT extends SharedRedisContract {

    @Override
    protected RunningApplication start(String databaseUrl, String redisUrl) throws Exception {
        RunningServer running =
                RunningServer.start(new Settings(0, Optional.of(redisUrl), databaseUrl, Duration.ofSeconds(5)));
        assertThat(running.server().redis().awaitAvailable(Duration.ofSeconds(10)))
                .isTrue();
        return running;
    }
}
