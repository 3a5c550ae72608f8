package dev.millpond.benchmarks;

import java.util.concurrent.TimeUnit;

/** What suites need of the processes that they have started. */
public final class ChildProcess {

    private static final int EXIT_LIMIT_SECONDS = 10;

    private ChildProcess() {}

    /** Returns the processor time that a process has used so far, in nanoseconds; of what the system counts. */
    public static double cpuNanos(Process process) {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("The processor time of process " + process.pid()
                        + " is not known. Has it ended, or does this system not count it?"))
                .toNanos();
    }

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
