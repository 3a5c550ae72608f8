package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class OccasionalLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(OccasionalLogTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final FakeTicker ticker = new FakeTicker();
    private final OccasionalLog log = new OccasionalLog(logger, ticker);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void warn_severalTimesAMinute_logsTheFirst() {
        log.warn("Trouble {}.", 1);
        ticker.advance(Duration.ofSeconds(59));
        log.warn("Trouble {}.", 2);
        ticker.advance(Duration.ofSeconds(1));
        log.warn("Trouble {}.", 3);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("Trouble 1. Logged once per minute.", "Trouble 3. Logged once per minute.");
    }
}
