package dev.millpond.servlet;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeSet;

/** Writes a decision into the fields of a response. */
record DecisionFields(HeaderDialect dialect, InstantSource clock) {

    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String EXPOSE_HEADERS = "Access-Control-Expose-Headers";

    void write(RateLimitDecision decision, HttpServletResponse response) {
        Map<String, String> fields = dialect.fields(decision, clock.instant());
        fields.forEach(dialect == HeaderDialect.IETF_DRAFT_11 ? response::addHeader : response::setHeader);
        TreeSet<String> names = new TreeSet<>(fields.keySet());
        if (!decision.allowed() && decision.outcome() != Outcome.DENYLISTED) {
            names.add("Retry-After");
        }
        if (!names.isEmpty() && response.containsHeader(ALLOW_ORIGIN)) {
            response.addHeader(EXPOSE_HEADERS, String.join(", ", names));
        }
    }
}
