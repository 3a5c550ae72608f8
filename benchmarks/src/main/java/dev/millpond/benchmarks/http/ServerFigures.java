package dev.millpond.benchmarks.http;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What a server's process says of itself.
 *
 * @param allocatedBytes what its threads have allocated so far; what threads did that have ended is not in it
 * @param threads how many it has
 */
record ServerFigures(long allocatedBytes, int threads) {

    private static final String BETWEEN = " ";

    /** Returns those of this process. */
    static ServerFigures ofThisProcess() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long allocated = Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0) // -1 of a thread that has just ended
                .sum();
        return new ServerFigures(allocated, threads.getThreadCount());
    }

    /** Returns those that another process wrote. */
    static ServerFigures of(String line) {
        String[] words = line.split(BETWEEN, -1);
        return new ServerFigures(Long.parseLong(words[0]), Integer.parseInt(words[1]));
    }

    /** Returns them as one line. */
    String line() {
        return allocatedBytes + BETWEEN + threads;
    }
}
