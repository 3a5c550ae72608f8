package dev.millpond.benchmarks.races;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page on consistency, which has the table of the races between two markers. */
final class ConsistencyPage {

    private static final String BEGIN = "<!-- races: begin -->";
    private static final String END = "<!-- races: end -->";

    private final Path file;

    /**
     * Finds the page.
     *
     * @param root the directory of the whole project
     */
    ConsistencyPage(Path root) {
        this.file = root.resolve("docs").resolve("consistency.md");
    }

    /** Returns what stands between the markers. */
    String read() throws IOException {
        String page = Files.readString(file);
        return page.substring(begin(page), end(page)).strip() + '\n';
    }

    /** Replaces what stands between the markers. */
    void write(String table) throws IOException {
        String page = Files.readString(file);
        Files.writeString(file, page.substring(0, begin(page)) + '\n' + table + page.substring(end(page)));
    }

    private int begin(String page) {
        return place(page, BEGIN) + BEGIN.length();
    }

    private int end(String page) {
        return place(page, END);
    }

    private int place(String page, String marker) {
        int place = page.indexOf(marker);
        if (place < 0) {
            throw new IllegalStateException(file + " has no line '" + marker
                    + "'. The table of the races stands between '" + BEGIN + "' and '" + END + "'.");
        }
        return place;
    }
}
