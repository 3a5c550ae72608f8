package dev.millpond.examples.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void of_emptyEnvironment_isTheEmbeddedDefault() {
        assertThat(Settings.of(Map.of()))
                .isEqualTo(new Settings(8080, Optional.empty(), "jdbc:h2:mem:standings", Map.of()));
    }

    @Test
    void of_emptyRedisUrl_isNone() {
        assertThat(Settings.of(Map.of("MILLPOND_REDIS_URL", "")).redisUrl()).isEmpty();
    }

    @Test
    void of_everythingSet_isTaken() {
        Map<String, String> environment = Map.of(
                "SERVER_PORT", "8081",
                "MILLPOND_REDIS_URL", "redis://localhost:6379",
                "STANDINGS_DB_URL", "jdbc:h2:file:./standings");

        assertThat(Settings.of(environment))
                .isEqualTo(new Settings(
                        8081, Optional.of("redis://localhost:6379"), "jdbc:h2:file:./standings", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http", "-1", "65536", "80 80"})
    void of_badPort_isRefusedWithTheFix(String port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(Map.of("SERVER_PORT", port)))
                .withMessage("SERVER_PORT is '" + port + "', must be a number from 0 to 65535."
                        + " Set a free port such as 8081, or unset it for 8080.");
    }

    @Test
    void of_redisUrlWithoutScheme_isRefusedWithTheFix() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(Map.of("MILLPOND_REDIS_URL", "localhost:6379")))
                .withMessage(
                        "MILLPOND_REDIS_URL is refused: Redis URL 'localhost:6379' has no redis:// or rediss:// scheme."
                                + " Use redis://host:port or, for TLS, rediss://host:port. Unset it to work without Redis.");
    }
}
