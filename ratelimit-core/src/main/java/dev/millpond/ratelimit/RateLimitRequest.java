package dev.millpond.ratelimit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a limiter is asked: who wants something, what it costs, and which limits it has to pass.
 *
 * <p>Immutable. A request passes all its limits or is charged to none.
 */
public final class RateLimitRequest {

    private final Optional<Client> client;
    private final long cost;
    private final Optional<String> route;
    private final boolean ownTier;
    private final List<Tier> further;
    private final List<NamedLimit> named;

    private RateLimitRequest(
            Optional<Client> client,
            boolean ownTier,
            long cost,
            Optional<String> route,
            List<Tier> further,
            List<NamedLimit> named) {
        this.client = client;
        this.ownTier = ownTier;
        this.cost = cost;
        this.route = route;
        this.further = List.copyOf(further);
        this.named = List.copyOf(named);
    }

    /** Returns a request of a client, limited by the client's tier, that costs one token. */
    public static RateLimitRequest of(Client client) {
        Objects.requireNonNull(client, "Client is null. Use for example Client.ofAddress(address).");
        return new RateLimitRequest(Optional.of(client), true, 1, Optional.empty(), List.of(), List.of());
    }

    /**
     * Returns a request that is counted under a name, whoever asks, and costs one token.
     *
     * @param name appears in Redis as a digest only
     */
    public static RateLimitRequest of(Tier tier, String name) {
        return new RateLimitRequest(
                Optional.empty(), false, 1, Optional.empty(), List.of(), List.of(new NamedLimit(tier, name)));
    }

    /**
     * Returns this request, counted under names, with whose it is: lists and bans apply to the client, but its own tier
     * is not charged.
     *
     * @throws IllegalStateException if the request has a client
     */
    public RateLimitRequest from(Client whose) {
        Objects.requireNonNull(whose, "Client is null. Use for example Client.ofAddress(address).");
        if (client.isPresent()) {
            throw new IllegalStateException(
                    "Request has a client already. Use from(client) on a request of names only.");
        }
        return new RateLimitRequest(Optional.of(whose), false, cost, route, further, named);
    }

    /**
     * Returns this request with another cost; 1 is the default.
     *
     * @param tokens zero or more
     * @throws IllegalArgumentException if it is negative
     */
    public RateLimitRequest withCost(long tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException(
                    "Cost is " + tokens + ", must be 0 or more. Use 0 for a request that takes no token.");
        }
        return tokens == cost ? this : new RateLimitRequest(client, ownTier, tokens, route, further, named);
    }

    /** Returns this request with the name of its route, by which operators can set what becomes of it. */
    public RateLimitRequest onRoute(String name) {
        Objects.requireNonNull(name, "Route of a request is null. Leave it out, or use a name such as 'search'.");
        return new RateLimitRequest(client, ownTier, cost, Optional.of(name), further, named);
    }

    /**
     * Returns this request with one more limit that it has to pass: a bucket of its client, for example of what each
     * client may use of one endpoint.
     *
     * @param tier must not have the name of the client's own tier, else it is the same bucket
     * @throws IllegalStateException if the request is counted under names alone
     */
    public RateLimitRequest within(Tier tier) {
        Objects.requireNonNull(tier, "Further tier of a client is null. Use for example Tier.PRO.");
        if (!ownTier) {
            throw new IllegalStateException("Request has no client whose bucket tier '" + tier.name()
                    + "' could be. Use within(tier, name), or a request of a client.");
        }
        List<Tier> more = new ArrayList<>(further);
        more.add(tier);
        return new RateLimitRequest(client, ownTier, cost, route, more, named);
    }

    /**
     * Returns this request with one more limit that it has to pass, for example that of its tenant or its endpoint.
     *
     * @param name who or what is counted; appears in Redis as a digest only
     */
    public RateLimitRequest within(Tier tier, String name) {
        List<NamedLimit> more = new ArrayList<>(named);
        more.add(new NamedLimit(tier, name));
        return new RateLimitRequest(client, ownTier, cost, route, further, more);
    }

    /** Returns whose request it is. */
    public Optional<Client> client() {
        return client;
    }

    /** Tells whether it has to pass the tier of its client; else it is counted under names alone. */
    public boolean passesOwnTier() {
        return ownTier;
    }

    /** Returns the tokens that it takes from each limit. */
    public long cost() {
        return cost;
    }

    /** Returns the name of its route. */
    public Optional<String> route() {
        return route;
    }

    /** Returns the tiers in which its client has to pass besides its own. */
    public List<Tier> further() {
        return further;
    }

    /** Returns the limits that it has to pass besides those of its client. */
    public List<NamedLimit> named() {
        return named;
    }

    /** Returns a text without keys and names. */
    @Override
    public String toString() {
        return "RateLimitRequest[client=" + client.map(Client::toString).orElse("none") + ", cost=" + cost + ", route="
                + route.orElse("none") + ", further=" + further.size() + ", named=" + named.size() + "]";
    }

    /**
     * A limit whose bucket belongs to a name.
     *
     * @param tier the shape of the bucket
     * @param name who or what is counted
     */
    public record NamedLimit(Tier tier, String name) {

        /** Checks that nothing is null. */
        public NamedLimit {
            Objects.requireNonNull(tier, "Tier of a named limit is null. Use for example Tier.PRO.");
            Objects.requireNonNull(name, "Name of a named limit is null. Use for example the name of the tenant.");
        }

        /** Returns a text without the name. */
        @Override
        public String toString() {
            return "NamedLimit[tier=" + tier.name() + "]";
        }
    }
}
