package dev.millpond.ratelimit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The secret of the digests that name buckets. */
final class DigestSecret {

    private static final Logger log = LoggerFactory.getLogger(DigestSecret.class);
    private static final int SHORTEST = 16;
    private static final int RANDOM_BYTES = 32;

    private DigestSecret() {}

    /** Returns a secret that is long enough. */
    static String checked(String secret) {
        if (secret.length() < SHORTEST) {
            throw new IllegalArgumentException("Rate limiter: secret has " + secret.length()
                    + " characters, must have at least " + SHORTEST
                    + ". Use a long random text, the same on all nodes.");
        }
        return secret;
    }

    /** Returns the bytes of the secret that was given, else of one that all who share the buckets can make. */
    static byte[] bytes(@Nullable String given, String namespace, boolean shared) {
        if (given != null) {
            return given.getBytes(UTF_8);
        }
        return shared ? derived(namespace) : random();
    }

    private static byte[] random() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return random;
    }

    private static byte[] derived(String namespace) {
        log.warn(
                "The rate limiter '{}' has no secret: the digests of API keys in Redis follow from the namespace, so that"
                        + " whoever reads Redis can test guesses of keys. Set RateLimiter.builder().secret(...)"
                        + " (millpond.rate-limit.secret in Spring Boot) to a random text of at least 16 characters, the"
                        + " same on all nodes.",
                namespace);
        return ("millpond:" + namespace).getBytes(UTF_8);
    }
}
