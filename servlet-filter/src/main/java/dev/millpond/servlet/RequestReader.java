package dev.millpond.servlet;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.IpAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Function;

/** Reads what a limiter is asked from a request: whose it is, what it costs, and its route. */
record RequestReader(
        ClientFinder clients,
        Function<Client, RateLimitRequest> counted,
        RequestCost cost,
        Function<HttpServletRequest, Optional<Route>> routes) {

    /** Returns what a guard asks: whether the address of a client, whoever it is, may send more requests. */
    static Function<Client, RateLimitRequest> byAddress(Tier tier) {
        return client -> RateLimitRequest.of(tier, "address:" + IpAddress.groupOf(client.address()))
                .from(client);
    }

    /** Returns what the limiter is asked, or empty if the request carries several keys. */
    Optional<RateLimitRequest> read(HttpServletRequest request) {
        return clients.find(request).map(client -> read(client, request));
    }

    private RateLimitRequest read(Client client, HttpServletRequest request) {
        RateLimitRequest asked = counted.apply(client);
        Optional<Route> route = routes.apply(request);
        return route.isEmpty()
                ? asked.withCost(cost.of(request))
                : on(route.get(), asked.withCost(route.get().cost().orElseGet(() -> cost.of(request))));
    }

    private static RateLimitRequest on(Route route, RateLimitRequest asked) {
        RateLimitRequest there = asked.onRoute(route.name());
        return route.tier().map(there::within).orElse(there);
    }
}
