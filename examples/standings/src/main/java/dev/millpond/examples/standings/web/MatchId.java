package dev.millpond.examples.standings.web;

import dev.millpond.examples.standings.NotFoundException;

/** Reads the number of a match from a path. */
public final class MatchId {

    private MatchId() {}

    /**
     * Parses the number of a match.
     *
     * @throws NotFoundException if it is not a number, since then there is no such match either
     */
    public static int parse(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new NotFoundException(
                    "There is no match '" + text + "'. Give the number of a group match, such as 26.");
        }
    }
}
