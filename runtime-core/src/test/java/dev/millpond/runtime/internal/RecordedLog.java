package dev.millpond.runtime.internal;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** Keeps what one class, or everybody, logs while it is open. */
public final class RecordedLog implements AutoCloseable {

    private final Logger logger;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    RecordedLog(Class<?> source) {
        this(source.getName());
    }

    private RecordedLog(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        appender.start();
        logger.addAppender(appender);
    }

    /** Records every logger. */
    public static RecordedLog ofEverybody() {
        return new RecordedLog(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** Returns level and text of each line. */
    public List<String> lines() {
        return List.copyOf(appender.list).stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    /** Returns the stack trace of each line that has one. */
    public List<String> failures() {
        return List.copyOf(appender.list).stream()
                .map(ILoggingEvent::getThrowableProxy)
                .filter(Objects::nonNull)
                .map(ThrowableProxyUtil::asString)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
