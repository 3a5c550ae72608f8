package dev.millpond.servlet;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.servlet.internal.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refuses requests with keys that nobody has. */
record UnknownKeys(RateLimiter limiter, boolean bearer) {

    static UnknownKeys refusedBy(RateLimiter limiter, ClientKey source) {
        boolean bearer = source instanceof CombinedKey combined
                ? combined.carried().stream().anyMatch(BearerKey.class::isInstance)
                : source instanceof BearerKey;
        return new UnknownKeys(limiter, bearer);
    }

    /** Tells whether an admitted request must be refused for its key. */
    boolean contain(RateLimitRequest asked, RateLimitDecision decision, HttpServletRequest request) {
        Client client = asked.client().orElseThrow();
        return decision.enforced()
                && decision.outcome() != Outcome.OFF
                && decision.outcome() != Outcome.ALLOWLISTED
                && client.apiKey().isPresent()
                && !isUser(client.apiKey(), request.getUserPrincipal())
                && limiter.hasUnknownKey(client);
    }

    /* Whoever is authenticated is known, with a tier or without. */
    private static boolean isUser(Optional<String> key, @Nullable Principal user) {
        return user != null && key.filter(name -> name.equals(user.getName())).isPresent();
    }

    void refuse(HttpServletResponse response) throws IOException {
        if (bearer) {
            response.setHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        }
        Problem.unknownKey().send(response);
    }
}
