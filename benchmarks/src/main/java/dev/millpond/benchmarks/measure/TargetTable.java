package dev.millpond.benchmarks.measure;

import java.util.List;
import java.util.stream.Collectors;

/** Targets and what was measured, as a table in Markdown. */
public final class TargetTable {

    private TargetTable() {}

    /** Returns one line for each. */
    public static String of(List<Verdict> verdicts) {
        return "| path | target | measured | |\n|---|---|---|---|\n"
                + verdicts.stream().map(TargetTable::line).collect(Collectors.joining());
    }

    private static String line(Verdict verdict) {
        return "| %s | %s | %s | %s |\n"
                .formatted(verdict.title(), verdict.target(), verdict.shown(), verdict.outcome());
    }
}
