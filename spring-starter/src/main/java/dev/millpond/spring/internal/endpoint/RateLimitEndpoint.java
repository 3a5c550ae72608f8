package dev.millpond.spring.internal.endpoint;

import dev.millpond.ratelimit.RateLimitException;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.spring.RateLimitReload;
import dev.millpond.spring.Tiers;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Lets operators look at the rate limits of a client and change them; thread-safe.
 *
 * <p>To be exposed is not enough for what changes anything: that needs unrestricted access, and so does all that names
 * a client, which has to be in a body. A key comes in the body and goes nowhere: answers have digests, and what is in
 * the URL, which servers log, is refused.
 */
@WebEndpoint(id = "millpondratelimits", defaultAccess = Access.READ_ONLY)
public final class RateLimitEndpoint {

    private final Supplier<RateLimiter> limiter;
    private final Tiers tiers;
    private final RateLimitReload reload;

    /** Creates it; the limiter is obtained with the first request. */
    public RateLimitEndpoint(Supplier<RateLimiter> limiter, Tiers tiers, RateLimitReload reload) {
        this.limiter = limiter;
        this.tiers = tiers;
        this.reload = reload;
    }

    /** Returns the rules in force, among how many nodes limits are divided without Redis, and who is denied most. */
    @ReadOperation
    public Map<String, Object> read() {
        RateLimiter asked = limiter.get();
        return Map.of("rules", Answers.of(asked.rules()), "nodes", asked.nodes(), "mostDenied", asked.mostDenied());
    }

    /** Does one thing, and tells what holds then. */
    @WriteOperation
    public WebEndpointResponse<Map<String, Object>> act(
            @Nullable String action,
            @Nullable String key,
            @Nullable String address,
            @Nullable String digest,
            @Nullable String tokens,
            @Nullable String tier,
            @Nullable String route,
            @Nullable String mode,
            @Nullable String until) {
        OperatorRequest request = new OperatorRequest(action, key, address, digest, tokens, tier, route, mode, until);
        try {
            refuseQuery();
            return new WebEndpointResponse<>(new OperatorActions(limiter.get(), tiers, reload).apply(request));
        } catch (IllegalArgumentException e) {
            return Refusals.of(e, WebEndpointResponse.STATUS_BAD_REQUEST);
        } catch (RateLimitException e) {
            return Refusals.of(e, WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }

    private static void refuseQuery() {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                && attributes.getRequest().getQueryString() != null) {
            throw new IllegalArgumentException("The URL has a query, must have none, since URLs are logged."
                    + " Send everything in a JSON body, and replace a key that was in the URL.");
        }
    }
}
