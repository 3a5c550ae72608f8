package dev.millpond.servlet.internal;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the id that callers gave a request, or makes one. */
public final class CorrelationId {

    /** Version, trace id, parent id and flags; later versions may have more fields after these. */
    private static final Pattern TRACE_PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?");

    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private CorrelationId() {}

    /**
     * Returns the trace id, else the correlation id, each if it has the form that it should have, else a random one.
     */
    public static String of(@Nullable String traceParent, @Nullable String correlationId) {
        if (traceParent != null) {
            Matcher trace = TRACE_PARENT.matcher(traceParent);
            if (trace.matches()) {
                return trace.group(1);
            }
        }
        return correlationId != null && SAFE.matcher(correlationId).matches() ? correlationId : random();
    }

    /** Returns 32 hexadecimal digits, as trace ids have them. */
    public static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return hex(random.nextLong()) + hex(random.nextLong());
    }

    private static String hex(long bits) {
        String digits = Long.toHexString(bits);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
