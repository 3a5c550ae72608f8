package dev.millpond.runtime.spi;

import dev.millpond.testkit.FakeTicker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A thread that runs tasks when the test moves its clock. */
final class FakeScheduler {

    private final FakeTicker ticker;
    private final List<Task> tasks = new ArrayList<>();
    private int scheduled;
    private boolean ended;

    FakeScheduler(FakeTicker ticker) {
        this.ticker = ticker;
    }

    /** Returns the number of tasks that there ever were. */
    int scheduled() {
        return scheduled;
    }

    boolean ended() {
        return ended;
    }

    ScheduledExecutorService thread() {
        return (ScheduledExecutorService) Proxy.newProxyInstance(
                FakeScheduler.class.getClassLoader(),
                new Class<?>[] {ScheduledExecutorService.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "schedule" -> schedule((Runnable) arguments[0], (long) arguments[1], (TimeUnit) arguments[2]);
                    case "shutdown" -> {
                        ended = true;
                        yield null;
                    }
                    default -> throw new AssertionError("not expected: " + method);
                });
    }

    private Task schedule(Runnable action, long delay, TimeUnit unit) {
        scheduled++;
        Task task = new Task(action, ticker.read() + unit.toNanos(delay));
        tasks.add(task);
        return task;
    }

    /** Moves the clock and runs what is due then, late if the step is long. */
    void advance(Duration time) {
        ticker.advance(time);
        List<Task> due = tasks.stream().filter(task -> task.at <= ticker.read()).toList();
        tasks.removeAll(due);
        due.forEach(Task::run);
    }

    /** An action and its time. */
    private static final class Task extends CompletableFuture<Object> implements ScheduledFuture<Object> {

        private final Runnable action;
        private final long at;

        Task(Runnable action, long at) {
            this.action = action;
            this.at = at;
        }

        void run() {
            if (isCancelled()) {
                return;
            }
            try {
                action.run();
            } catch (RuntimeException e) { // as an executor does
                completeExceptionally(e);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new AssertionError("not expected");
        }

        @Override
        public int compareTo(Delayed other) {
            throw new AssertionError("not expected");
        }
    }
}
