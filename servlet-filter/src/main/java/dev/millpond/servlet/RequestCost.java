package dev.millpond.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what a request costs, and lets no mistake of the cost function fail the request. */
final class RequestCost {

    private static final Logger log = LoggerFactory.getLogger(RateLimitFilter.class);

    private final ToLongFunction<HttpServletRequest> cost;
    private final AtomicBoolean wasNegative = new AtomicBoolean();

    RequestCost(ToLongFunction<HttpServletRequest> cost) {
        this.cost = cost;
    }

    long of(HttpServletRequest request) {
        long tokens = cost.applyAsLong(request);
        if (tokens < 0 && wasNegative.compareAndSet(false, true)) {
            log.warn(
                    "The cost function of the rate-limit filter returned {}, must be 0 or more; 1 is charged instead."
                            + " Correct the function. Further such requests are not logged.",
                    tokens);
        }
        return tokens < 0 ? 1 : tokens;
    }
}
