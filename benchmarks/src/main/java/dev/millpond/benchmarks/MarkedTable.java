package dev.millpond.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A table in a page of the documentation, between two markers that name it. */
public final class MarkedTable {

    private final Path file;
    private final String begin;
    private final String end;

    /**
     * Finds the page.
     *
     * @param root the directory of the whole project
     * @param page the name of the file in {@code docs}
     * @param table the name of the table
     */
    public MarkedTable(Path root, String page, String table) {
        this.file = root.resolve("docs").resolve(page);
        this.begin = "<!-- " + table + ": begin -->";
        this.end = "<!-- " + table + ": end -->";
    }

    /** Returns what stands between the markers. */
    public String read() throws IOException {
        String page = Files.readString(file);
        return page.substring(afterBegin(page), place(page, end)).strip() + '\n';
    }

    /** Replaces what stands between the markers. */
    public void write(String table) throws IOException {
        String page = Files.readString(file);
        Files.writeString(file, page.substring(0, afterBegin(page)) + '\n' + table + page.substring(place(page, end)));
    }

    private int afterBegin(String page) {
        return place(page, begin) + begin.length();
    }

    private int place(String page, String marker) {
        int place = page.indexOf(marker);
        if (place < 0) {
            throw new IllegalStateException(file + " has no line '" + marker + "'. The table stands between '" + begin
                    + "' and '" + end + "'.");
        }
        return place;
    }
}
