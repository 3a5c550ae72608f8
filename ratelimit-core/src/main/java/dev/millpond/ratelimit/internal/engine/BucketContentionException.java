package dev.millpond.ratelimit.internal.engine;

import java.io.Serial;

/**
 * Says that other nodes changed a bucket each time before this one could, until the time of a decision was over.
 *
 * <p>No tokens were taken for it. It carries no stack trace, since it comes with load.
 */
public final class BucketContentionException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean nearTheLimit;

    /**
     * Creates the exception.
     *
     * @param nearTheLimit whether less than half of the bucket would have been left
     */
    public BucketContentionException(String message, boolean nearTheLimit) {
        super(message, null, false, false);
        this.nearTheLimit = nearTheLimit;
    }

    /** Tells whether so few tokens were left that to admit the request anyway could admit more than the limit. */
    public boolean nearTheLimit() {
        return nearTheLimit;
    }
}
