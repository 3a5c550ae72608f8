package dev.millpond.ratelimit;

import java.util.Optional;

/**
 * Says which tier an API key has.
 *
 * <p>Thread-safe. Asked on the request thread for keys not seen lately; answers are kept for a short time.
 */
@FunctionalInterface
public interface TierResolver {

    /** Returns the tier of a key, or empty if nobody has this key. */
    Optional<Tier> resolve(String apiKey);
}
