package dev.millpond.servlet;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Writes a decision into the fields of a response. */
record DecisionFields(HeaderDialect dialect, InstantSource clock) {

    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String EXPOSE_HEADERS = "Access-Control-Expose-Headers";

    void write(RateLimitDecision decision, HttpServletResponse response) {
        BiConsumer<String, String> field =
                dialect == HeaderDialect.IETF_DRAFT_11 ? response::addHeader : response::setHeader;
        if (response.containsHeader(ALLOW_ORIGIN)) {
            Set<String> names = new TreeSet<>();
            dialect.write(decision, clock, field.andThen((name, value) -> names.add(name)));
            expose(names, decision, response);
        } else {
            dialect.write(decision, clock, field);
        }
    }

    private static void expose(Set<String> names, RateLimitDecision decision, HttpServletResponse response) {
        if (!decision.allowed() && decision.outcome() != Outcome.DENYLISTED) {
            names.add("Retry-After");
        }
        if (!names.isEmpty()) {
            response.addHeader(EXPOSE_HEADERS, String.join(", ", names));
        }
    }
}
