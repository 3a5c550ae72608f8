package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.RateLimitRequest;
import java.util.Objects;
import java.util.Optional;

/**
 * A request with the rules that hold for it to the end, whatever changes meanwhile.
 *
 * @param caller empty if it is counted under names alone
 */
record RuledRequest(RateLimitRequest request, Optional<Caller> caller, RuleBook rules) {

    static RuledRequest of(RateLimitRequest request, BucketNames names, RuleBook rules) {
        Objects.requireNonNull(request, "Request is null. Use for example RateLimitRequest.of(client).");
        return new RuledRequest(request, request.client().map(client -> new Caller(client, names)), rules);
    }

    long cost() {
        return request.cost();
    }

    Optional<String> route() {
        return request.route();
    }
}
