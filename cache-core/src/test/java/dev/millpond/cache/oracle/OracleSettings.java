package dev.millpond.cache.oracle;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** What the command line says about the oracle. */
final class OracleSettings {

    private OracleSettings() {}

    /** Returns how long to run: {@code -Dmillpond.soak=60s}, or else 5 s. */
    static Duration length() {
        return Duration.parse("PT" + System.getProperty("millpond.soak", "5s").toUpperCase(Locale.ROOT));
    }

    /** Returns the seed: {@code -Dmillpond.seed=42}, another one each time by default. */
    static long seed() {
        return Long.getLong("millpond.seed", ThreadLocalRandom.current().nextInt(1_000_000));
    }
}
