package dev.millpond.benchmarks.races;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a table of the races: what is the same in every run of it, however many races there were. */
final class RaceVerdicts {

    private static final Pattern ROW =
            Pattern.compile("^\\| (.+?: .+?) \\| (\\d+) / (\\d+) of \\d+ \\|", Pattern.MULTILINE);

    private RaceVerdicts() {}

    /** Returns, by row, whether this node and the other node were ever stale. */
    static Map<String, String> of(String table) {
        Map<String, String> verdicts = new LinkedHashMap<>();
        Matcher row = ROW.matcher(table);
        while (row.find()) {
            verdicts.put(row.group(1), word(row.group(2)) + " / " + word(row.group(3)));
        }
        return verdicts;
    }

    private static String word(String count) {
        return count.equals("0") ? "right" : "stale";
    }
}
