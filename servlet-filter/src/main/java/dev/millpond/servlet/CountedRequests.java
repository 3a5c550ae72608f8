package dev.millpond.servlet;

import dev.millpond.ratelimit.RateLimiter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;

/** Says which requests a limiter is asked about, and sees to it that it is asked once for each. */
record CountedRequests(RateLimiter limiter, Predicate<HttpServletRequest> skip) {

    private static final String CHARGED = RateLimitFilter.class.getName() + ".charged";

    /** Tells whether the request counts; a second call for the same request says no. */
    boolean admit(HttpServletRequest request) {
        return request.getDispatcherType() == DispatcherType.REQUEST
                && !isPreflight(request)
                && !skip.test(request)
                && Charged.of(request).by().add(limiter);
    }

    private static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS")
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** The limiters that have charged a request; kept as an attribute of it, so that several may guard it in turn. */
    private record Charged(Set<RateLimiter> by) {

        static Charged of(HttpServletRequest request) {
            if (request.getAttribute(CHARGED) instanceof Charged charged) {
                return charged;
            }
            Charged charged = new Charged(Collections.newSetFromMap(new IdentityHashMap<>()));
            request.setAttribute(CHARGED, charged);
            return charged;
        }
    }
}
