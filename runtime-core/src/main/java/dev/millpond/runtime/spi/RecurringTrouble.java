package dev.millpond.runtime.spi;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/** Keeps a trouble that is met once a second from being told once a second; thread-safe. */
public final class RecurringTrouble {

    private static final int LONGEST_TEXT = 300;

    /** What the Redis client adds to an answer: over which connection it came, which differs from time to time. */
    private static final Pattern CONNECTION = Pattern.compile("\\.* channel: .*", Pattern.DOTALL);

    private String last = "";

    /** Creates it with nothing told yet. */
    public RecurringTrouble() {}

    /**
     * Returns what to tell of a failure, shortened, since the Redis client describes its state at length; empty if that
     * has been told, or if Redis is away, which the connection tells.
     */
    public synchronized Optional<String> toTell(Throwable failure) {
        String whole = text(failure);
        String text = whole.substring(0, Math.min(whole.length(), LONGEST_TEXT));
        if (text.isEmpty() || text.equals(last)) {
            return Optional.empty();
        }
        last = text;
        return Optional.of(text);
    }

    private static String text(Throwable failure) {
        Throwable cause = failure.getCause();
        if (failure instanceof CompletionException && cause != null) {
            return text(cause);
        }
        if (failure instanceof RedisUnavailableException redis) {
            String answer =
                    CONNECTION.matcher(String.valueOf(cause)).replaceFirst(""); // such as that the key is a list
            return redis.away() ? "" : redis.getMessage() + " (" + answer + ")";
        }
        return failure.toString();
    }

    /** Takes note that it is over: if it comes again, it is told again. */
    public synchronized void over() {
        last = "";
    }
}
