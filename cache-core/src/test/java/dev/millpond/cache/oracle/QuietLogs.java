package dev.millpond.cache.oracle;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps what nodes and the Redis client say about faults out of the log: faults are what these tests are made of. */
final class QuietLogs implements BeforeAllCallback, AfterAllCallback {

    private static final List<String> LOUD =
            List.of("dev.millpond.cache.internal", "dev.millpond.runtime", "org.redisson");

    private final Map<Logger, @Nullable Level> before = new HashMap<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        for (String name : LOUD) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            before.put(logger, logger.getLevel());
            logger.setLevel(Level.OFF);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        before.forEach(Logger::setLevel);
    }
}
