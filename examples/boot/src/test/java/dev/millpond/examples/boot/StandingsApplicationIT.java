package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.examples.contract.RunningApplication;
import dev.millpond.examples.contract.SharedRedisContract;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;

class StandingsApplicationIT extends SharedRedisContract {

    @Override
    protected RunningApplication start(String databaseUrl, String redisUrl) {
        RunningBoot running = RunningBoot.start(
                databaseUrl,
                "--millpond.redis.url=" + redisUrl,
                "--millpond.rate-limit.tiers.free.when-redis-is-down=deny");
        RedisConnection redis = running.context().getBean(RedisConnection.class);
        assertThat(redis.awaitAvailable(Duration.ofSeconds(10))).isTrue();
        return running;
    }
}
