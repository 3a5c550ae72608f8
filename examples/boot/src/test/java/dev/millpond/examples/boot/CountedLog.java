package dev.millpond.examples.boot;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what an application logs at the level that is usual, for whoever wants to count it. */
public final class CountedLog extends AppenderBase<ILoggingEvent> {

    private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
        LINES.add(event.getLoggerName() + " " + event.getLevel() + " " + event.getFormattedMessage());
    }

    /** Forgets what was logged so far. */
    static void clear() {
        LINES.clear();
    }

    /** Returns logger, level and message of what was logged since. */
    static List<String> lines() {
        return List.copyOf(LINES);
    }
}
