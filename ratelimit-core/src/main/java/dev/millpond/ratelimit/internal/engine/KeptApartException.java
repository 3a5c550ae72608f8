package dev.millpond.ratelimit.internal.engine;

import java.io.Serial;

/** Says that buckets cannot be decided upon in one call, and that nothing was done to them. */
final class KeptApartException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    KeptApartException() {
        super("The buckets cannot be decided upon in one call.", null, false, false);
    }
}
