package dev.millpond.examples.boot;

import dev.millpond.examples.boot.Visitor.Reply;
import dev.millpond.runtime.Standstills;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Visitors who read and correct scores, and one whose tier is soon exhausted, until closed. */
final class Traffic implements AutoCloseable {

    private static final int READERS = 4;
    private static final long PAUSE_MILLIS = 2;
    private static final long PAUSE_OF_WRITERS_MILLIS = 20;

    private final Visitor unlimited;
    private final Visitor limited;
    private final Oracle oracle;
    private final Observations seen;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger admitted = new AtomicInteger();
    private volatile boolean over;

    private Traffic(URI application, Standstills standstills) throws IOException, InterruptedException {
        this.seen = new Observations(standstills);
        this.unlimited = new Visitor(application, "demo-enterprise");
        this.limited = new Visitor(application, "demo-free");
        this.oracle = Oracle.of(unlimited);
    }

    /**
     * Begins.
     *
     * @param standstills of this process, which no request can be blamed for
     */
    static Traffic to(URI application, Standstills standstills) throws IOException, InterruptedException {
        Traffic traffic = new Traffic(application, standstills);
        for (int i = 0; i < READERS; i++) {
            traffic.repeat(PAUSE_MILLIS, () -> traffic.read(traffic.unlimited));
        }
        for (ChangingMatch match : traffic.oracle.matches()) {
            traffic.repeat(PAUSE_OF_WRITERS_MILLIS, () -> traffic.correct(match));
        }
        traffic.repeat(PAUSE_MILLIS, traffic::readWithinLimits);
        return traffic;
    }

    Observations seen() {
        return seen;
    }

    /** Returns how many requests were admitted of the visitor whose tier is exhausted. */
    int admitted() {
        return admitted.get();
    }

    private void repeat(long pauseMillis, Callable<Reply> request) {
        threads.execute(() -> {
            try {
                while (!over) {
                    seen.request(request);
                    TimeUnit.MILLISECONDS.sleep(pauseMillis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Reply read(Visitor visitor) throws IOException, InterruptedException {
        List<String> paths = ThreadLocalRandom.current().nextBoolean() ? Oracle.CHANGING : Oracle.CONSTANT;
        String path = paths.get(ThreadLocalRandom.current().nextInt(paths.size()));
        Predicate<Reply> judge = oracle.judgeOf(path);
        Reply reply = visitor.get(path);
        if (reply.status() == 200 && !judge.test(reply)) {
            seen.wrong(path + ": " + reply.text() + " where " + oracle);
        }
        if (reply.denied() && visitor.equals(unlimited)) {
            seen.wrong(path + ": denied without a reason: " + reply);
        }
        return reply;
    }

    private Reply readWithinLimits() throws IOException, InterruptedException {
        Reply reply = read(limited);
        if (!reply.denied()) {
            admitted.incrementAndGet();
        }
        return reply;
    }

    private Reply correct(ChangingMatch match) throws IOException, InterruptedException {
        Reply reply = unlimited.put(match.path(), match.beginChange());
        if (reply.status() == 200) {
            match.endChange();
        }
        return reply;
    }

    @Override
    public void close() {
        over = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                seen.wrong("a request was not answered within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
