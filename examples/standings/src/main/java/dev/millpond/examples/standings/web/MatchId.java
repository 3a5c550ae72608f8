package dev.millpond.examples.standings.web;

import dev.millpond.examples.standings.NotFoundException;
import java.util.regex.Pattern;

/** Reads the number of a match from a path. */
public final class MatchId {

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    private MatchId() {}

    /**
     * Parses the number of a match.
     *
     * @throws NotFoundException if it is not 0 to 999999999 written in ASCII digits without leading zeros: a match has
     *     one path
     */
    public static int parse(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new NotFoundException(
                    "There is no match '" + text + "'. Give the number of a group match, such as 26.");
        }
        return Integer.parseInt(text);
    }
}
