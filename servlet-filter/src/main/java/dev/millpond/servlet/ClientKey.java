package dev.millpond.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Set;

/**
 * Finds the API key that a request carries.
 *
 * <p>Must be thread-safe and must not throw. A key that is blank counts as absent, and so does one longer than 512
 * characters unless another key is there. A request without a key is counted by the client's address, so no source for
 * addresses is needed here.
 *
 * <p>Usage example: {@snippet class="dev.millpond.servlet.PlainServletSnippetTest" region="client-key"}
 */
@FunctionalInterface
public interface ClientKey {

    /**
     * Returns the keys of a request without repetition: none, one, or several. Several are refused with status 400,
     * because they leave open whose request it is.
     */
    Set<String> extract(HttpServletRequest request);

    /**
     * Returns a source that reads a request header field, such as {@code X-API-Key}; all its lines count, and a comma
     * ends a key.
     *
     * @throws NullPointerException if the name is null
     */
    static ClientKey header(String name) {
        Objects.requireNonNull(
                name, "Name of the header field with the API key is null. Give a name such as X-API-Key.");
        return request -> HeaderKeys.of(request, name);
    }

    /** Returns a source that reads the token of {@code Authorization: Bearer}. */
    static ClientKey bearer() {
        return new BearerKey();
    }

    /**
     * Returns a source that reads the name of the authenticated user. Combined with other sources it counts only where
     * those find nothing, whatever the order.
     *
     * <p>The {@link dev.millpond.ratelimit.TierResolver} is asked for the name as if it were a key. See to it that a
     * client cannot send another user's name as its key.
     */
    static ClientKey principal() {
        return new PrincipalKey();
    }

    /**
     * Returns a source that reads both; if they find different keys, the request is refused.
     *
     * @throws NullPointerException if the other is null
     */
    default ClientKey or(ClientKey other) {
        Objects.requireNonNull(other, "The other source of keys is null. Use for example ClientKey.bearer().");
        return CombinedKey.of(this, other);
    }
}
