package dev.millpond.servlet.internal;

import dev.millpond.runtime.HealthReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a health report as JSON. */
public final class HealthJson {

    private static final double PRECISION = 10_000;

    private HealthJson() {}

    /** Returns an object with the members {@code status}, {@code checks} and {@code metrics}. */
    public static String of(HealthReport report) {
        Map<String, Number> metrics = new LinkedHashMap<>();
        report.metrics().forEach((name, number) -> metrics.put(name, rounded(number)));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("status", report.status().name());
        members.put("checks", report.checks());
        members.put("metrics", metrics);
        return Json.of(members);
    }

    private static Number rounded(Number number) {
        return number instanceof Double fraction ? (Number) (Math.round(fraction * PRECISION) / PRECISION) : number;
    }
}
