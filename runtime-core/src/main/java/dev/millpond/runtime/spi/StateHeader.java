package dev.millpond.runtime.spi;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first line of a stored state: what it is, the number of its format, and its version; immutable. */
public final class StateHeader {

    private final String name;
    private final int format;
    private final Pattern line;

    /**
     * Creates the header of a kind of state.
     *
     * @param name of the kind, a word
     * @param format the number of the format that this node reads and writes
     */
    public StateHeader(String name, int format) {
        this.name = name;
        this.format = format;
        this.line = Pattern.compile(Pattern.quote(name) + " (\\d{1,9}) version (\\d{1,18})");
    }

    /** Returns the line of a version. */
    public String write(long version) {
        return name + " " + format + " version " + version;
    }

    /**
     * Returns the version that the first line says.
     *
     * @param lines of the whole state
     * @throws UnreadableStateException if it says none, or another format
     */
    public long read(List<String> lines) throws UnreadableStateException {
        Matcher matcher = line.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (!matcher.matches()) {
            throw new UnreadableStateException("they do not begin with '" + name + "'");
        }
        if (Integer.parseInt(matcher.group(1)) != format) {
            throw new UnreadableStateException(
                    "they have format " + matcher.group(1) + ", and this node knows format " + format);
        }
        return Long.parseLong(matcher.group(2));
    }
}
