package dev.millpond.benchmarks;

import java.util.concurrent.TimeUnit;

/** How processes that a suite has started come to their end. */
public final class ChildProcess {

    private static final int EXIT_LIMIT_SECONDS = 10;

    private ChildProcess() {}

    /** Waits for the end of a process that was told to end, and kills it if that takes long. */
    public static void awaitEnd(Process process) {
        try {
            if (!process.waitFor(EXIT_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
