package dev.millpond.cache.internal;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Keeps what a class of this module logs, instead of printing it, until closed. */
public final class RecordedLog implements AutoCloseable {

    private final Logger logger;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing(); // takes the context of the thread that logs
            super.append(event);
        }
    };

    /**
     * Begins to record.
     *
     * @param source the name of the class below {@code dev.millpond.cache.internal}
     */
    public RecordedLog(String source) {
        logger = (Logger) LoggerFactory.getLogger("dev.millpond.cache.internal." + source);
        logger.setAdditive(false);
        appender.start();
        logger.addAppender(appender);
    }

    /** Returns level and text of each line. */
    public List<String> lines() {
        return List.copyOf(appender.list).stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    /** Returns what each line has under a name in the logging context, or null. */
    public List<@Nullable String> contexts(String name) {
        List<@Nullable String> contexts = new ArrayList<>();
        List.copyOf(appender.list)
                .forEach(event -> contexts.add(event.getMDCPropertyMap().get(name)));
        return contexts;
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
    }
}
