package dev.millpond.servlet;

import dev.millpond.ratelimit.Tier;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A named part of an application, with what is special about its limits. Immutable.
 *
 * <p>Usage example: {@snippet class="dev.millpond.servlet.PlainServletSnippetTest" region="route"}
 */
public final class Route {

    private final String name;
    private final @Nullable Long cost;
    private final @Nullable Tier tier;

    private Route(String name, @Nullable Long cost, @Nullable Tier tier) {
        this.name = name;
        this.cost = cost;
        this.tier = tier;
    }

    /**
     * Returns a route with nothing special but its name, by which operators can set the mode of its limits.
     *
     * @param name must be one of few, chosen by you: never text from a request
     */
    public static Route named(String name) {
        return new Route(
                Objects.requireNonNull(name, "Name of a route is null. Use a name such as 'search'."), null, null);
    }

    /**
     * Returns this route with the tokens that a request of it takes, whatever the filter's cost function says.
     *
     * @param tokens zero or more
     * @throws IllegalArgumentException if it is negative
     */
    public Route costing(long tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("Cost of route '" + name + "' is " + tokens
                    + ", must be 0 or more. Use 0 for a route that takes no token.");
        }
        return new Route(name, tokens, tier);
    }

    /**
     * Returns this route with one more limit that each client has to pass on it, besides that of its own tier.
     *
     * @param further must not have the name of a client's own tier, else it is the same bucket
     */
    public Route within(Tier further) {
        return new Route(
                name,
                cost,
                Objects.requireNonNull(
                        further, "Tier of route '" + name + "' is null. Leave it out, or use for example Tier.FREE."));
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the tokens that a request takes; empty if the filter's cost function says it. */
    public OptionalLong cost() {
        return cost == null ? OptionalLong.empty() : OptionalLong.of(cost);
    }

    /** Returns the further limit of each client. */
    public Optional<Tier> tier() {
        return Optional.ofNullable(tier);
    }

    @Override
    public String toString() {
        return "Route[" + name + "]";
    }
}
