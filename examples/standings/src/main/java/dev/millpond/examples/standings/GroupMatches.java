package dev.millpond.examples.standings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The 36 group matches of UEFA Euro 2024 as they ended. */
final class GroupMatches {

    private static final String RESOURCE = "euro-2024-groups.csv";

    private GroupMatches() {}

    static List<Match> read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(), StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(GroupMatches::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open() {
        InputStream stream = GroupMatches.class.getResourceAsStream(RESOURCE);
        if (stream == null) {
            throw new IllegalStateException("The resource " + RESOURCE + " is missing beside GroupMatches.class.");
        }
        return stream;
    }

    private static Match parse(String line) {
        String[] columns = line.split(",", -1);
        return new Match(
                Integer.parseInt(columns[0]),
                columns[1],
                Integer.parseInt(columns[2]),
                columns[3],
                columns[4],
                Integer.parseInt(columns[5]),
                Integer.parseInt(columns[6]));
    }
}
