package dev.millpond.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How this instance is; immutable, and safe to show: it holds no key, no address and no text from outside.
 *
 * @param status the worst status of all checks
 * @param checks what was looked at, by name, each with one word for what was found
 * @param metrics figures by name; those are left out of which nothing is known, such as the rate of hits in a minute in
 *     which nobody asked
 */
public record HealthReport(Status status, Map<String, String> checks, Map<String, Number> metrics) {

    /** What a load balancer has to know, from best to worst. */
    public enum Status {
        /** All is well. */
        UP,
        /**
         * It serves, but slower, or with limits that are less exact: for example Redis is away. Other instances are no
         * better off as a rule, so nobody should take this one out of service.
         */
        DEGRADED,
        /**
         * It cannot serve, and another instance could. Nothing in Millpond is a reason for this; a check of the
         * application may be.
         */
        DOWN
    }

    /** Copies the maps; the order of their entries stays. */
    public HealthReport {
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
