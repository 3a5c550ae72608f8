package dev.millpond.ratelimit;

import java.util.Optional;

/**
 * Says which tier an API key has.
 *
 * <p>Thread-safe. Asked on the thread of the request, once for all requests that wait for the same key. A tier is kept
 * for 30 s, the answer that nobody has the key for 5 s; both are kept for a bounded number of keys. While it throws, a
 * tier that it gave in the last hour stays in force; other keys count as unknown.
 */
@FunctionalInterface
public interface TierResolver {

    /**
     * Returns the tier of a key, or empty if nobody has this key.
     *
     * @param apiKey a secret: keep it out of logs and exceptions
     */
    Optional<Tier> resolve(String apiKey);
}
