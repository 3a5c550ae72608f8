package dev.millpond.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which requests a limiter is asked about, and sees to it that it is asked once for each. */
final class CountedRequests {

    private static final Logger log = LoggerFactory.getLogger(RateLimitFilter.class);
    private static final String CHARGED = RateLimitFilter.class.getName() + ".charged";

    private final Object limit;
    private final Charged alone;
    private final Predicate<HttpServletRequest> skip;
    private final AtomicBoolean warnedOfTwice = new AtomicBoolean();

    /**
     * Creates it.
     *
     * @param limit stands for what requests are counted by; two filters that count by the same are one registered twice
     */
    CountedRequests(Object limit, Predicate<HttpServletRequest> skip) {
        this.limit = limit;
        this.alone = new Charged(List.of(limit));
        this.skip = skip;
    }

    /** Tells whether the request counts; a second call for the same request says no. */
    boolean admit(HttpServletRequest request) {
        return request.getDispatcherType() == DispatcherType.REQUEST
                && !isPreflight(request)
                && !skip.test(request)
                && isFirst(request);
    }

    private boolean isFirst(HttpServletRequest request) {
        Charged before = request.getAttribute(CHARGED) instanceof Charged charged ? charged : Charged.BY_NOTHING;
        boolean first = !before.by.contains(limit);
        if (first) {
            request.setAttribute(CHARGED, before.by.isEmpty() ? alone : before.and(limit));
        } else if (warnedOfTwice.compareAndSet(false, true)) {
            log.warn("The rate-limit filter runs twice for one request, with the same limit; the request is charged"
                    + " once. Register the filter once: as a servlet filter or in a chain such as Spring Security's, not"
                    + " both. Further such requests are not logged.");
        }
        return first;
    }

    private static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS")
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** The limits that have charged a request; kept as an attribute of it, so that several may guard it in turn. */
    private record Charged(List<Object> by) {

        private static final Charged BY_NOTHING = new Charged(List.of());

        Charged and(Object limit) {
            List<Object> all = new ArrayList<>(by);
            all.add(limit);
            return new Charged(all);
        }
    }
}
