package dev.millpond.servlet.internal;

import dev.millpond.runtime.HealthReport;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes a health report as JSON. */
public final class HealthJson {

    private static final double PRECISION = 10_000;

    private HealthJson() {}

    /** Returns an object with the members {@code status}, {@code checks} and {@code metrics}. */
    public static String of(HealthReport report) {
        return "{\"status\":\"" + report.status() + "\",\"checks\":"
                + object(report.checks(), word -> "\"" + word + "\"") + ",\"metrics\":"
                + object(report.metrics(), HealthJson::number) + "}";
    }

    /* No text needs escaping: a name is letters and digits, a word small letters, digits and hyphens. */
    private static <T> String object(Map<String, T> members, Function<T, String> value) {
        return members.entrySet().stream()
                .map(member -> "\"" + member.getKey() + "\":" + value.apply(member.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String number(Number number) {
        return number instanceof Double fraction
                ? Double.toString(Math.round(fraction * PRECISION) / PRECISION)
                : number.toString();
    }
}
