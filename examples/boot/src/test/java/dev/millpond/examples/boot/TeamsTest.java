package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TeamsTest {

    @Test
    void names_readTwice_askTheDatabaseOnce() throws SQLException {
        try (RunningBoot running = RunningBoot.start("jdbc:h2:mem:" + UUID.randomUUID())) {
            Teams teams = running.context().getBean(Teams.class);

            assertThat(teams.names()).hasSize(24).contains("Germany").isSorted();
            assertThat(teams.names()).hasSize(24);

            Cache<?, ?> cache =
                    running.context().getBean(CacheRegistry.class).find("teams").orElseThrow();
            assertThat(cache.stats().loads()).isOne();
            assertThat(cache.stats().localHits()).isOne();
        }
    }
}
