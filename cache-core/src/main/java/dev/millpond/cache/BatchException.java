package dev.millpond.cache;

import java.io.Serial;

/**
 * Says that a {@link Batch} ended before its last key, and what it had done by then.
 *
 * <p>The cause is the first failure, an {@link InterruptedException}, or what the stream or the consumer threw. The
 * message has counts and no keys.
 */
public final class BatchException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient BatchResult<?> result;

    /** Creates the exception for a batch that ended early; the message says why. */
    public BatchException(String message, Throwable cause, BatchResult<?> result) {
        super(message, cause);
        this.result = result;
    }

    /** Returns what was done, and what failed. */
    public BatchResult<?> result() {
        return result;
    }
}
