package dev.millpond.cache.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Threads on which a test has callers read beside its own; only for the thread of the test. */
final class TestThreads {

    private final List<Thread> threads = new ArrayList<>();

    /** Begins a call on a thread of its own. */
    <T> FutureTask<T> begin(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
        return task;
    }

    /** Returns the thread that was begun as such a one, from zero. */
    Thread get(int number) {
        return threads.get(number);
    }

    /** Returns the thread that was begun last. */
    Thread last() {
        return threads.get(threads.size() - 1);
    }

    /** Waits for the end of all. */
    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Ends all that can be interrupted, and waits for that. */
    void interruptAndJoin() throws InterruptedException {
        threads.forEach(Thread::interrupt);
        join();
    }
}
