package dev.millpond.examples.boot;

import dev.millpond.examples.boot.Visitor.Reply;
import dev.millpond.runtime.Standstills;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/** How requests ended and how long they took. Thread-safe. */
final class Observations {

    private final Queue<Timed> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Standstills standstills;

    Observations(Standstills standstills) {
        this.standstills = standstills;
    }

    /** Makes a request, and takes down how it ended. */
    void request(Callable<Reply> request) throws InterruptedException {
        long stoodStill = standstills.total().toNanos();
        long startedAt = System.nanoTime();
        try {
            Reply reply = request.call();
            long took = System.nanoTime() - startedAt;
            requests.add(new Timed(reply, took, took - (standstills.total().toNanos() - stoodStill)));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            wrong("a request failed: " + e);
        }
    }

    void wrong(String what) {
        wrong.add(what);
    }

    /** Returns what was not as it has to be. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    int count() {
        return requests.size();
    }

    /** Returns how many requests exceeded their tier. */
    long denied() {
        return requests.stream().filter(request -> request.reply.denied()).count();
    }

    /** Returns what was answered with neither a success nor a denial. */
    List<Reply> failed() {
        return requests.stream()
                .map(Timed::reply)
                .filter(reply -> reply.status() != 200 && !reply.denied())
                .toList();
    }

    /** Returns the time that this part of the requests did not exceed. */
    Duration quantile(double part) {
        List<Long> sorted =
                requests.stream().map(request -> request.nanos).sorted().toList();
        int index = (int) Math.ceil(part * sorted.size()) - 1;
        return Duration.ofNanos(sorted.get(Math.max(0, index)));
    }

    /** Returns the longest time of a request in which this process did not stand still. */
    Duration slowestWithoutStandstills() {
        return Duration.ofNanos(
                requests.stream().mapToLong(Timed::movingNanos).max().orElse(0));
    }

    private record Timed(Reply reply, long nanos, long movingNanos) {}
}
