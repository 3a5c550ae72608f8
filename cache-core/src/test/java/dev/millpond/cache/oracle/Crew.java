package dev.millpond.cache.oracle;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/** The threads that read and change things on the nodes, and the other program that changes rows past them. */
final class Crew implements AutoCloseable {

    private static final int READERS_PER_NODE = 2;
    private static final int READ_PAUSE_MICROS = 150;
    private static final int LONGEST_WRITE_PAUSE_MILLIS = 50;

    /**
     * Long enough that a node which is cut off meanwhile comes to the end of its trust window: one that writes notices
     * at once that it is cut off.
     */
    private static final int WRITER_REST_MILLIS = 3_500;

    private static final int WRITES_BETWEEN_RESTS = 80;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Truth truth;
    private final Judge judge;
    private final Report report;
    private final Random seeds;
    private final List<Lock> baseLocks = Writes.newLocks();
    private volatile boolean stopped;

    Crew(Truth truth, Judge judge, Report report, long seed) {
        this.truth = truth;
        this.judge = judge;
        this.report = report;
        this.seeds = new Random(seed);
    }

    void readOn(Node node) {
        Reads reads = new Reads(node.caches());
        for (int i = 0; i < READERS_PER_NODE; i++) {
            Random random = new Random(seeds.nextLong());
            threads.execute(() -> {
                while (!stopped) {
                    judge.judge(node.number(), reads.any(random));
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(READ_PAUSE_MICROS));
                }
            });
        }
    }

    void writeOn(Node node) {
        Writes writes = new Writes(node, truth, baseLocks);
        Random random = new Random(seeds.nextLong());
        threads.execute(() -> {
            while (!stopped) {
                write(node, writes, random);
                pauseAfterWrite(random);
            }
        });
    }

    private static void pauseAfterWrite(Random random) {
        boolean rests = random.nextInt(WRITES_BETWEEN_RESTS) == 0;
        int millis = rests ? WRITER_REST_MILLIS : random.nextInt(LONGEST_WRITE_PAUSE_MILLIS);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void writePast(Fleet fleet) {
        OtherProgram program = new OtherProgram(fleet, truth);
        threads.execute(() -> {
            while (!stopped) {
                program.turn(() -> stopped);
            }
        });
    }

    private void write(Node node, Writes writes, Random random) {
        try {
            writes.any(random);
            report.changed();
        } catch (RuntimeException | Error e) {
            judge.threw(node.number(), "an invalidation", e);
        }
    }

    /** Lets every operation end by itself. */
    @Override
    public void close() {
        stopped = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("An operation did not end within 30 s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
