package dev.millpond.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of the page on meters and health, which tests compare with the code. */
final class MetricsPage {

    private static final Path FILE = Path.of("../docs/metrics.md");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern TAG_WITH_VALUES = Pattern.compile("`([^`]+)` = ([^`]+)");

    private MetricsPage() {}

    static String text() throws IOException {
        return Files.readString(FILE);
    }

    /** Returns the rows of all tables whose first column has this name, each by the names of its columns. */
    static List<Map<String, String>> rows(String firstColumn) throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> columns = List.of();
        for (String line : Files.readAllLines(FILE)) {
            List<String> cells = cells(line);
            if (cells.isEmpty() || columns.isEmpty()) {
                columns = cells;
            } else if (columns.get(0).equals(firstColumn) && !line.startsWith("|---")) {
                rows.add(row(columns, cells));
            }
        }
        return rows;
    }

    private static List<String> cells(String line) {
        return line.startsWith("|")
                ? Arrays.stream(line.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .toList()
                : List.of();
    }

    private static Map<String, String> row(List<String> columns, List<String> cells) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), cells.get(i));
        }
        return row;
    }

    /** Returns what each row has in a column, by what it has in the first one. */
    static Map<String, String> column(String firstColumn, String column) throws IOException {
        return rows(firstColumn).stream()
                .collect(Collectors.toMap(row -> row.get(firstColumn), row -> row.getOrDefault(column, "")));
    }

    /** Returns the words of a cell that are set as code. */
    static Set<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(word -> word.group(1)).collect(Collectors.toSet());
    }

    /** Returns the values that a cell of tags lists, by tag; those without a list are not there. */
    static Map<String, Set<String>> valuesOfTags(String cell) {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        Matcher tags = TAG_WITH_VALUES.matcher(cell);
        while (tags.find()) {
            values.put(tags.group(1), new LinkedHashSet<>(List.of(tags.group(2).split(",\\s*"))));
        }
        return values;
    }
}
