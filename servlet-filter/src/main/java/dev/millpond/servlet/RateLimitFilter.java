package dev.millpond.servlet;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.servlet.internal.ClientAddress;
import dev.millpond.servlet.internal.DenialProblems;
import dev.millpond.servlet.internal.Problem;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a request pass if its client has tokens left, and answers 429 if not.
 *
 * <p>A request is charged once per {@link RateLimiter}, on its way in: forwards, includes, error pages, asynchronous
 * dispatches and a second registration of the filter cost nothing, and neither does a CORS preflight. The response
 * fields are set before the rest of the chain runs.
 *
 * <table>
 * <caption>What the client gets</caption>
 * <tr><th>decision</th><th>response</th></tr>
 * <tr><td>allowed</td><td>the application's, with the fields of the {@link HeaderDialect}</td></tr>
 * <tr><td>denied</td><td>429 with {@code Retry-After} and a problem document (RFC 9457)</td></tr>
 * <tr><td>denied because Redis is away</td><td>503 with the same</td></tr>
 * <tr><td>none: the request carries different keys</td><td>400 with a problem document; nothing is charged</td></tr>
 * </table>
 *
 * <p>Usage example: {@snippet class="dev.millpond.servlet.PlainServletSnippetTest" region="register"}
 *
 * <p>Thread-safe. Register it after a CORS filter and with asynchronous support. It leaves the rate limiter open. When
 * Redis is away the limiter decides without it, by the tier's policy; should the limiter throw, the request passes.
 */
public final class RateLimitFilter implements Filter {

    private static final Logger log = LoggerFactory.getLogger(RateLimitFilter.class);
    private static final String DECISION = RateLimitFilter.class.getName() + ".decision";

    private final RateLimiter limiter;
    private final CountedRequests counted;
    private final ClientFinder clients;
    private final ToLongFunction<HttpServletRequest> cost;
    private final DecisionFields fields;
    private final AtomicBoolean limiterFailed = new AtomicBoolean();
    private final AtomicBoolean costWasNegative = new AtomicBoolean();

    private RateLimitFilter(Builder builder) {
        limiter = builder.limiter;
        counted = new CountedRequests(limiter, orElse(builder.skip, request -> false));
        clients = new ClientFinder(
                orElse(builder.clientKey, ClientKey.header("X-API-Key")),
                new ClientAddress(orElse(builder.trustedProxies, List.of())));
        cost = orElse(builder.cost, request -> 1);
        fields = new DecisionFields(
                orElse(builder.dialect, HeaderDialect.IETF_DRAFT_11), orElse(builder.clock, InstantSource.system()));
    }

    /** Starts a filter that asks this limiter. */
    public static Builder builder(RateLimiter limiter) {
        return new Builder(limiter);
    }

    /** Returns what was decided on a request; empty if it was not counted. */
    public static Optional<RateLimitDecision> decisionOf(ServletRequest request) {
        return Optional.ofNullable((RateLimitDecision) request.getAttribute(DECISION));
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
        Optional<Client> client = clients.find(request);
        if (client.isEmpty()) {
            Problem.severalKeys().send(response);
            return;
        }
        Optional<RateLimitDecision> decision = decide(client.get(), costOf(request));
        decision.ifPresent(made -> {
            request.setAttribute(DECISION, made);
            fields.write(made, response);
        });
        if (decision.isEmpty() || decision.get().allowed()) {
            chain.doFilter(request, response);
        } else {
            DenialProblems.of(decision.get()).send(response);
        }
    }

    private long costOf(HttpServletRequest request) {
        long tokens = cost.applyAsLong(request);
        if (tokens < 0 && costWasNegative.compareAndSet(false, true)) {
            log.warn(
                    "The cost function of the rate-limit filter returned {}, must be 0 or more; 1 is charged instead."
                            + " Correct the function. Further such requests are not logged.",
                    tokens);
        }
        return tokens < 0 ? 1 : tokens;
    }

    private Optional<RateLimitDecision> decide(Client client, long tokens) {
        try {
            return Optional.of(limiter.tryAcquire(client, tokens));
        } catch (RuntimeException e) {
            if (limiterFailed.compareAndSet(false, true)) {
                log.error(
                        "The rate limiter threw, which it must not; requests pass without a limit meanwhile."
                                + " Further such requests are not logged.",
                        e);
            }
            return Optional.empty();
        }
    }

    private static <T> T orElse(@Nullable T value, T defaultValue) {
        return value == null ? defaultValue : value;
    }

    /** Configures a {@link RateLimitFilter}; not thread-safe. Each setting can be made once. */
    public static final class Builder {

        private final RateLimiter limiter;
        private @Nullable ClientKey clientKey;
        private @Nullable Predicate<HttpServletRequest> skip;
        private @Nullable ToLongFunction<HttpServletRequest> cost;
        private @Nullable HeaderDialect dialect;
        private @Nullable List<String> trustedProxies;
        private @Nullable InstantSource clock;

        private Builder(RateLimiter limiter) {
            this.limiter = Objects.requireNonNull(limiter, "limiter");
        }

        /**
         * Sets where the API key is found; the field {@code X-API-Key} by default.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder clientKey(ClientKey source) {
            clientKey = once("clientKey", clientKey, source);
            return this;
        }

        /**
         * Sets which requests are neither counted nor limited; none by default.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder skip(Predicate<HttpServletRequest> predicate) {
            skip = once("skip", skip, predicate);
            return this;
        }

        /**
         * Sets how many tokens a request takes; 1 by default.
         *
         * @param tokens returns zero or more; instead of a negative number, 1 is charged
         * @throws IllegalStateException if it was set before
         */
        public Builder cost(ToLongFunction<HttpServletRequest> tokens) {
            cost = once("cost", cost, tokens);
            return this;
        }

        /**
         * Sets the fields in which responses tell what is left; {@link HeaderDialect#IETF_DRAFT_11} by default.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder dialect(HeaderDialect headerDialect) {
            dialect = once("dialect", dialect, headerDialect);
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
            List<String> given = List.of(networks);
            new ClientAddress(given);
            trustedProxies = once("trustedProxies", trustedProxies, given);
            return this;
        }

        /**
         * Sets the source of the time of day for {@link HeaderDialect#X_RATELIMIT_EPOCH}; the system's by default.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder clock(InstantSource source) {
            clock = once("clock", clock, source);
            return this;
        }

        /** Makes the filter. */
        public RateLimitFilter build() {
            return new RateLimitFilter(this);
        }

        private static <T> T once(String setting, @Nullable T before, T value) {
            if (before != null) {
                throw new IllegalStateException("The rate-limit filter's " + setting
                        + " was set before, and can be set once. Remove one of the two calls.");
            }
            return Objects.requireNonNull(value, setting);
        }
    }
}
