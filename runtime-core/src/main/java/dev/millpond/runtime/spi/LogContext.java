package dev.millpond.runtime.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The logging context of SLF4J (MDC) of whoever begins a task, for the thread that runs it; thread-safe. */
public final class LogContext {

    private LogContext() {}

    /** Returns a task that does the same in the logging context of the calling thread, whichever thread runs it. */
    public static Runnable carried(Runnable task) {
        Map<String, String> context = MDC.getCopyOfContextMap();
        return () -> runIn(context, task);
    }

    private static void runIn(@Nullable Map<String, String> context, Runnable task) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        set(context);
        try {
            task.run();
        } finally {
            set(before);
        }
    }

    private static void set(@Nullable Map<String, String> context) {
        if (context == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(context);
        }
    }
}
