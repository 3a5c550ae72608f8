package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitRequest;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request with the rules that hold for it to the end, whatever changes meanwhile.
 *
 * @param caller null if it is counted under names alone
 * @param at when it came, in elapsed nanoseconds
 */
record RuledRequest(RateLimitRequest request, @Nullable Caller caller, RuleBook rules, long at) {

    static RuledRequest of(RateLimitRequest request, BucketOwners owners, RuleBook rules, long at) {
        Objects.requireNonNull(request, "Request is null. Use for example RateLimitRequest.of(client).");
        Optional<Client> client = request.client();
        return new RuledRequest(request, client.isPresent() ? new Caller(client.get(), owners) : null, rules, at);
    }

    /** Returns the client if it is counted by a tier of its own; else null. */
    @Nullable
    Caller counted() {
        return request.passesOwnTier() ? caller : null;
    }

    long cost() {
        return request.cost();
    }

    Optional<String> route() {
        return request.route();
    }
}
