package dev.millpond.cache.internal.redis;

import java.util.function.Consumer;

/** Messages that a key was waited for and has changed, which travel on the channel of the log; thread-safe. */
final class Releases {

    private static final String PREFIX = "released|";

    private volatile Consumer<String> listener = key -> {};

    /** Sets who is told of the keys. */
    void onRelease(Consumer<String> newListener) {
        listener = newListener;
    }

    /** Passes a message's key on; returns whether the message is one of these. */
    boolean accept(String message) {
        if (!message.startsWith(PREFIX)) {
            return false;
        }
        listener.accept(message.substring(PREFIX.length()));
        return true;
    }
}
