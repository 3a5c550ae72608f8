package dev.millpond.servlet;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.spi.GivenSettings;
import dev.millpond.servlet.internal.ClientAddress;
import dev.millpond.servlet.internal.DenialProblems;
import dev.millpond.servlet.internal.Problem;
import dev.millpond.servlet.internal.ResponseEnd;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Lets a request pass if its client has tokens left, and answers 429 if not.
 *
 * <p>A request is charged once per {@link RateLimiter}, and once per {@linkplain Builder#guard guard}, on its way in:
 * forwards, includes, error pages, asynchronous dispatches and a second registration of the filter cost nothing, and
 * neither does a CORS preflight. The response fields are set before the rest of the chain runs.
 *
 * <table>
 * <caption>What the client gets</caption>
 * <tr><th>decision</th><th>response</th></tr>
 * <tr><td>allowed</td><td>the application's, with the fields of the {@link HeaderDialect}</td></tr>
 * <tr><td>denied</td><td>429 with {@code Retry-After} and a problem document (RFC 9457)</td></tr>
 * <tr><td>denied by {@link FailurePolicy#DENY} because Redis is away or too slow</td><td>503 with the same</td></tr>
 * <tr><td>denied because the client is on the denylist or banned</td><td>403 with a problem document</td></tr>
 * <tr><td>allowed, with a key that nobody has</td><td>401 with a problem document, if {@linkplain
 * Builder#refuseUnknownKeys set so}</td></tr>
 * <tr><td>none: the request carries different keys</td><td>400 with a problem document; nothing is charged</td></tr>
 * </table>
 *
 * <p>Usage example: {@snippet class="dev.millpond.servlet.PlainServletSnippetTest" region="register"}
 *
 * <p>Thread-safe. Register it after a CORS filter and with asynchronous support. It leaves the rate limiter open. When
 * Redis is away the limiter decides without it, by the tier's policy; should the limiter throw, the request passes.
 */
public final class RateLimitFilter implements Filter {

    private static final String DECISION = RateLimitFilter.class.getName() + ".decision";

    private final CountedRequests counted;
    private final RequestReader requests;
    private final TolerantLimiter limiter;
    private final DecisionFields fields;
    private final Refunds refunds;
    private final Optional<UnknownKeys> refused;

    private RateLimitFilter(Builder builder) {
        counted = new CountedRequests(new Limit(builder.limiter, builder.guard), builder.skip);
        requests = new RequestReader(
                new ClientFinder(builder.clientKey, new ClientAddress(builder.trustedProxies)),
                builder.guard.map(RequestReader::byAddress).orElse(RateLimitRequest::of),
                new RequestCost(builder.cost),
                builder.route);
        limiter = new TolerantLimiter(builder.limiter);
        fields = new DecisionFields(builder.dialect, builder.clock);
        refunds = new Refunds(builder.limiter, builder.refundWhen);
        refused = builder.refuseUnknownKeys
                ? Optional.of(UnknownKeys.refusedBy(builder.limiter, builder.clientKey))
                : Optional.empty();
    }

    /** Starts a filter that asks this limiter. */
    public static Builder builder(RateLimiter limiter) {
        return new Builder(limiter);
    }

    /** Returns what was decided on a request; empty if it was not counted. */
    public static Optional<RateLimitDecision> decisionOf(ServletRequest request) {
        return Optional.ofNullable((RateLimitDecision) request.getAttribute(DECISION));
    }

    /**
     * Answers a request that was denied elsewhere, as the filter does: with status, fields and a problem document.
     *
     * <p>Does nothing if the response is on its way already.
     *
     * @param decision a denial
     */
    public static void deny(RateLimitDecision decision, HeaderDialect dialect, HttpServletResponse response)
            throws IOException {
        if (!response.isCommitted()) {
            new DecisionFields(dialect, InstantSource.system()).write(decision, response);
            DenialProblems.of(decision).send(response);
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest httpRequest
                && response instanceof HttpServletResponse httpResponse
                && counted.admit(httpRequest)) {
            limit(httpRequest, httpResponse, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void limit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<RateLimitRequest> asked = requests.read(request);
        if (asked.isEmpty()) {
            Problem.severalKeys().send(response);
            return;
        }
        Optional<RateLimitDecision> decision = limiter.decide(asked.get());
        if (decision.isEmpty()) {
            chain.doFilter(request, response);
        } else if (decision.get().permit().isEmpty()) {
            answer(asked.get(), decision.get(), request, response, chain);
        } else {
            Permit permit = decision.get().permit().get();
            FilterChain rest = (same, too) -> answer(asked.get(), decision.get(), request, response, chain);
            ResponseEnd.follow(request, response, rest, status -> permit.release());
        }
    }

    private void answer(
            RateLimitRequest asked,
            RateLimitDecision decision,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(DECISION, decision);
        fields.write(decision, response);
        if (!decision.allowed()) {
            DenialProblems.of(decision).send(response);
        } else if (refused.isPresent() && refused.get().contain(asked, decision, request)) {
            refused.get().refuse(response);
        } else if (refunds.concern(decision)) {
            ResponseEnd.follow(request, response, chain, status -> refunds.end(asked, status));
        } else {
            chain.doFilter(request, response);
        }
    }

    /** What a filter counts requests by. */
    private record Limit(RateLimiter limiter, Optional<Tier> guard) {}

    /** Configures a {@link RateLimitFilter}; not thread-safe. Each setting can be made once, and null is refused. */
    public static final class Builder {

        private final RateLimiter limiter;
        private final GivenSettings given = new GivenSettings("Rate-limit filter");
        private ClientKey clientKey = ClientKey.header("X-API-Key");
        private Optional<Tier> guard = Optional.empty();
        private boolean refuseUnknownKeys;
        private Predicate<HttpServletRequest> skip = request -> false;
        private ToLongFunction<HttpServletRequest> cost = request -> 1;
        private Function<HttpServletRequest, Optional<Route>> route = request -> Optional.empty();
        private IntPredicate refundWhen = Refunds.NEVER;
        private HeaderDialect dialect = HeaderDialect.IETF_DRAFT_11;
        private List<String> trustedProxies = List.of();
        private InstantSource clock = InstantSource.system();

        private Builder(RateLimiter limiter) {
            this.limiter = Objects.requireNonNull(
                    limiter, "Rate-limit filter: limiter is null. Give the application's RateLimiter.");
        }

        /**
         * Sets where the API key is found; the field {@code X-API-Key} by default.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder clientKey(ClientKey source) {
            clientKey = given.once("clientKey", source);
            return this;
        }

        /**
         * Makes the filter a guard: instead of the tier of its client each request has to pass a limit of its address,
         * whatever key it carries.
         *
         * <p>Register it before authentication, and a filter with the same limiter for the tiers after it. While an
         * address is above its limit nobody looks up keys for it. Clients on the allowlist pass.
         *
         * @param tier must not have the name of a client's tier
         * @throws IllegalStateException if it was set before
         */
        public Builder guard(Tier tier) {
            guard = Optional.of(given.once("guard", tier));
            return this;
        }

        /**
         * Refuses requests that carry a key which nobody has, with status 401; by default they are counted by address
         * and served.
         *
         * <p>They are counted by address all the same. While the tier resolver fails nobody is refused.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder refuseUnknownKeys() {
            refuseUnknownKeys = given.once("refuseUnknownKeys", true);
            return this;
        }

        /**
         * Sets which requests are neither counted nor limited; none by default.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder skip(Predicate<HttpServletRequest> predicate) {
            skip = given.once("skip", predicate);
            return this;
        }

        /**
         * Sets how many tokens a request takes; 1 by default.
         *
         * @param tokens returns zero or more; instead of a negative number, 1 is charged
         * @throws IllegalStateException if it was set before
         */
        public Builder cost(ToLongFunction<HttpServletRequest> tokens) {
            cost = given.once("cost", tokens);
            return this;
        }

        /**
         * Sets which route a request is on; none by default.
         *
         * <p>Decide by what the container made of the path, {@link HttpServletRequest#getServletPath()} and
         * {@link HttpServletRequest#getPathInfo()}: a client can spell the path that it sends in many ways.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder route(Function<HttpServletRequest, Optional<Route>> finder) {
            route = given.once("route", finder);
            return this;
        }

        /**
         * Sets for which response statuses a request gets its tokens back, for example those from 500 on, or 304; none
         * by default.
         *
         * <p>The status counts when the response has ended, also one that was asynchronous. What the chain throws
         * counts as 500, except an {@link IOException}: the client causes one by hanging up, and could so use what it
         * does not pay for. A decision made without Redis is not refunded. The response fields were sent before, and do
         * not tell of the refund.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder refundWhen(IntPredicate status) {
            refundWhen = given.once("refundWhen", status);
            return this;
        }

        /**
         * Sets the fields in which responses tell what is left; {@link HeaderDialect#IETF_DRAFT_11} by default.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder dialect(HeaderDialect headerDialect) {
            dialect = given.once("dialect", headerDialect);
            return this;
        }

        /**
         * Sets the proxies whose {@code X-Forwarded-For} or {@code Forwarded} field tells a client's address; none by
         * default.
         *
         * @param networks addresses, or networks such as {@code 10.0.0.0/8}; host names are refused
         * @throws IllegalArgumentException if one is neither
         * @throws IllegalStateException if they were set before
         */
        public Builder trustedProxies(String... networks) {
            given.notNull("trustedProxies", networks);
            for (int i = 0; i < networks.length; i++) {
                given.notNull("trusted proxy " + (i + 1), networks[i]);
            }
            List<String> proxies = List.of(networks);
            new ClientAddress(proxies); // refuses what is not a network
            trustedProxies = given.once("trustedProxies", proxies);
            return this;
        }

        /**
         * Sets the source of the time of day for {@link HeaderDialect#X_RATELIMIT_EPOCH}; the system's by default.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder clock(InstantSource source) {
            clock = given.once("clock", source);
            return this;
        }

        /** Makes the filter. */
        public RateLimitFilter build() {
            return new RateLimitFilter(this);
        }
    }
}
