package dev.millpond.cache.oracle;

import dev.millpond.cache.oracle.Scenario.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** The threads that read and change things on the nodes, and the other program that changes rows past them. */
final class Crew implements AutoCloseable {

    private static final int READERS_PER_NODE = 2;
    private static final Duration READ_PAUSE = Duration.ofNanos(150_000);
    private static final int LONGEST_WRITE_PAUSE_MILLIS = 50;
    private static final int LONGEST_WARM_UP_PAUSE_MILLIS = 50;

    /**
     * Long enough that a node which is cut off meanwhile comes to the end of its trust window: one that writes notices
     * at once that it is cut off.
     */
    private static final Duration WRITER_REST = Duration.ofMillis(3_500);

    private static final int WRITES_BETWEEN_RESTS = 80;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Truth truth;
    private final Judge judge;
    private final Report report;
    private final Random seeds;
    private final List<Lock> baseLocks = Writes.newLocks();
    private final Signal stop = new Signal();

    Crew(Truth truth, Judge judge, Report report, long seed) {
        this.truth = truth;
        this.judge = judge;
        this.report = report;
        this.seeds = new Random(seed);
    }

    void readOn(Node node, Reading reading) {
        Reads reads = new Reads(node.caches());
        for (int i = 0; i < READERS_PER_NODE; i++) {
            Random random = new Random(seeds.nextLong());
            threads.execute(() -> {
                while (!stop.isGiven()) {
                    judge.judge(node.number(), reading.next(reads, random));
                    stop.pause(READ_PAUSE);
                }
            });
        }
    }

    void writeOn(Node node) {
        Writes writes = new Writes(node, truth, baseLocks);
        Random random = new Random(seeds.nextLong());
        threads.execute(() -> {
            while (!stop.isGiven()) {
                write(node, writes, random);
                stop.pause(pauseAfterWrite(random));
            }
        });
    }

    private static Duration pauseAfterWrite(Random random) {
        boolean rests = random.nextInt(WRITES_BETWEEN_RESTS) == 0;
        return rests ? WRITER_REST : Duration.ofMillis(random.nextInt(LONGEST_WRITE_PAUSE_MILLIS));
    }

    /** Keeps filling and loading anew what the readers read. */
    void warmOn(Node node) {
        WarmUps warmUps = new WarmUps(node.caches());
        Random random = new Random(seeds.nextLong());
        threads.execute(() -> {
            while (!stop.isGiven()) {
                warm(node, warmUps, random);
                stop.pause(Duration.ofMillis(random.nextInt(LONGEST_WARM_UP_PAUSE_MILLIS)));
            }
        });
    }

    private void warm(Node node, WarmUps warmUps, Random random) {
        try {
            warmUps.any(random);
        } catch (RuntimeException | Error e) {
            judge.threw(node.number(), "a warm-up", e);
        }
    }

    void writePast(Fleet fleet) {
        OtherProgram program = new OtherProgram(fleet, truth);
        threads.execute(() -> {
            while (!stop.isGiven()) {
                program.turn(stop);
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

    /** Lets every operation end by itself; ends pauses. */
    @Override
    public void close() {
        stop.give();
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
