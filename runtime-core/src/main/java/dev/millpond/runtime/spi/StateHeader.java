package dev.millpond.runtime.spi;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How states are stored that nodes of different versions share: a first line that says what it is, the number of its
 * format and its version, and then lines, of which those that say something new are kept as they are; immutable.
 */
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

    /**
     * Returns a whole state.
     *
     * @param unknown lines that this node does not know: they come first, so that what is known and newer wins
     * @param known the other lines
     */
    public String write(long version, List<String> unknown, List<String> known) {
        String first = name + " " + format + " version " + version;
        return Stream.of(List.of(first), unknown, known)
                .flatMap(List::stream)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
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

    /**
     * Reads the lines behind the first one, and returns those that this node does not know.
     *
     * @param lines of the whole state
     * @param read takes a line, and returns false if it does not know it, or throws
     */
    public List<String> unknown(List<String> lines, Predicate<String> read) {
        return lines.stream().skip(1).filter(each -> !isRead(each, read)).toList();
    }

    private static boolean isRead(String line, Predicate<String> read) {
        try {
            return read.test(line);
        } catch (RuntimeException e) {
            return false;
        }
    }
}
