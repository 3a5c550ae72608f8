package dev.millpond.spring.internal.endpoint;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.spring.RateLimitReload;
import dev.millpond.spring.Tiers;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What operators can do, by name; answers tell digests and no keys. */
final class OperatorActions {

    private static final String DEFAULT = "default";

    private final RateLimiter limiter;
    private final Tiers tiers;
    private final Map<String, Function<OperatorRequest, Map<String, Object>>> byName = new TreeMap<>();

    OperatorActions(RateLimiter limiter, Tiers tiers, RateLimitReload reload) {
        this.limiter = limiter;
        this.tiers = tiers;
        byName.put("peek", request -> decide(request, limiter::peek));
        byName.put("reset", request -> decide(request, limiter::reset));
        byName.put("grant", this::grant);
        byName.put("forget-tier", this::forgetTier);
        byName.put("override", this::override);
        byName.put("remove-override", request -> change(request, (rules, who) -> rules.withoutTierOf(who)));
        byName.put("ban", this::ban);
        byName.put("unban", request -> change(request, (rules, who) -> rules.withoutBan(who)));
        byName.put("allow", request -> change(request, (rules, who) -> rules.withAllowed(who)));
        byName.put("disallow", request -> change(request, (rules, who) -> rules.withoutAllowed(who)));
        byName.put("mode", this::mode);
        byName.put("reload", request -> reload(reload));
    }

    /**
     * Does what is asked.
     *
     * @throws IllegalArgumentException if there is no such action, or something that it needs is missing
     */
    Map<String, Object> apply(OperatorRequest request) {
        @Nullable String action = request.action();
        @Nullable Function<OperatorRequest, Map<String, Object>> known = action == null ? null : byName.get(action);
        if (known == null) {
            throw new IllegalArgumentException((action == null ? "Action is not set" : "Action is '" + action + "'")
                    + ", must be one of " + byName.keySet() + ". Send it as 'action' in a JSON body.");
        }
        return known.apply(request);
    }

    private Map<String, Object> decide(OperatorRequest request, Function<Client, RateLimitDecision> operation) {
        Client client = request.client();
        RateLimitDecision decision = operation.apply(client);
        return Map.of("digest", limiter.digestOf(client), "decision", Answers.of(decision));
    }

    private Map<String, Object> grant(OperatorRequest request) {
        String tokens = request.needed("tokens", request.tokens(), "how many tokens to add");
        try {
            long number = Long.parseLong(tokens);
            return decide(request, client -> limiter.grant(client, number));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Property 'tokens' must be a whole number. Send for example 100.", e);
        }
    }

    private Map<String, Object> forgetTier(OperatorRequest request) {
        Client client = request.client();
        limiter.forgetTier(client);
        return Map.of("digest", limiter.digestOf(client));
    }

    private Map<String, Object> override(OperatorRequest request) {
        String tier = request.needed("tier", request.tier(), "the name of a tier");
        return change(request, (rules, who) -> rules.withTierOf(who, tiers.get(tier)));
    }

    private Map<String, Object> ban(OperatorRequest request) {
        Instant until = until(request.until());
        return change(request, (rules, who) -> rules.withBan(who, until));
    }

    private static Instant until(@Nullable String until) {
        try {
            return until == null ? RateLimitRules.FOR_GOOD : Instant.parse(until);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "Property 'until' must be a time such as 2027-01-31T12:00:00Z. Leave it out to ban for good.", e);
        }
    }

    private Map<String, Object> mode(OperatorRequest request) {
        String mode = request.needed("mode", request.mode(), "off, shadow, enforce, 25%, or default to take it back");
        if (request.tier() != null && request.route() != null) {
            throw new IllegalArgumentException(
                    "Action 'mode' has both a 'tier' and a 'route', must have one at most." + " Send two requests.");
        }
        UnaryOperator<RateLimitRules> change =
                mode.equals(DEFAULT) ? withoutMode(request) : withMode(request, RateLimitMode.parse(mode));
        return Map.of("rules", Answers.of(limiter.changeRules(change)));
    }

    private static UnaryOperator<RateLimitRules> withMode(OperatorRequest request, RateLimitMode mode) {
        @Nullable String tier = request.tier();
        @Nullable String route = request.route();
        if (tier != null) {
            return rules -> rules.withModeOfTier(tier, mode);
        }
        return route != null ? rules -> rules.withModeOfRoute(route, mode) : rules -> rules.withMode(mode);
    }

    private static UnaryOperator<RateLimitRules> withoutMode(OperatorRequest request) {
        @Nullable String tier = request.tier();
        @Nullable String route = request.route();
        if (tier != null) {
            return rules -> rules.withoutModeOfTier(tier);
        }
        return route != null ? rules -> rules.withoutModeOfRoute(route) : RateLimitRules::withoutMode;
    }

    private Map<String, Object> reload(RateLimitReload reload) {
        List<String> needRestart = reload.reload();
        return Map.of("rules", Answers.of(limiter.rules()), "needRestart", needRestart);
    }

    private Map<String, Object> change(OperatorRequest request, ClientChange change) {
        String who = request.known(limiter);
        RateLimitRules rules = limiter.changeRules(changed -> change.apply(changed, who));
        return Map.of("digest", who, "rules", Answers.of(rules));
    }

    @FunctionalInterface
    private interface ClientChange {

        RateLimitRules apply(RateLimitRules rules, String who);
    }
}
