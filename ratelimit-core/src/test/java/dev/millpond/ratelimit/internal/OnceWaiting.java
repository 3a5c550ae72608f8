package dev.millpond.ratelimit.internal;

import static org.awaitility.Awaitility.await;

/** Does something as soon as another thread waits. */
final class OnceWaiting {

    private OnceWaiting() {}

    /** Returns a thread, not yet started, that ends when it has done so. */
    static Thread thread(Thread other, Runnable action) {
        return new Thread(() -> {
            await().until(() -> other.getState() == Thread.State.WAITING);
            action.run();
        });
    }
}
