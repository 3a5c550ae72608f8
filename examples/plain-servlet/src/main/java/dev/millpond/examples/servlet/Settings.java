package dev.millpond.examples.servlet;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.RedisUrl;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says.
 *
 * @param port where to listen on 127.0.0.1; 0 for any free port
 * @param redisUrl the Redis to share; empty to work in this process alone
 * @param databaseUrl the JDBC URL of the database of matches
 * @param whenRedisIsDown what tiers do while Redis is away; the others limit locally
 */
record Settings(int port, Optional<String> redisUrl, String databaseUrl, Map<Tier, FailurePolicy> whenRedisIsDown) {

    private static final int MAXIMUM_PORT = 65_535;

    static Settings of(Map<String, String> environment) {
        return new Settings(
                port(environment.getOrDefault("SERVER_PORT", "8080")),
                Optional.ofNullable(environment.get("MILLPOND_REDIS_URL"))
                        .filter(url -> !url.isBlank())
                        .map(Settings::redisUrl),
                environment.getOrDefault("STANDINGS_DB_URL", "jdbc:h2:mem:standings"),
                Map.of());
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAXIMUM_PORT) {
            throw new IllegalArgumentException("SERVER_PORT is '" + text + "', must be a number from 0 to "
                    + MAXIMUM_PORT + ". Set a free port such as 8081, or unset it for 8080.");
        }
        return Integer.parseInt(text);
    }

    private static String redisUrl(String text) {
        try {
            RedisUrl.parse(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "MILLPOND_REDIS_URL is refused: " + e.getMessage() + " Unset it to work without Redis.", e);
        }
    }
}
