package dev.millpond.examples.standings;

/**
 * Two different teams in alphabetical order, so that both orders of a question find the same cache entry.
 *
 * @param first the team whose name sorts first
 * @param second the other
 */
record Pair(String first, String second) {

    static Pair of(String team, String other) {
        if (team.equals(other)) {
            throw new InvalidInputException(
                    "Both teams are '" + team + "'. Name two different teams, such as 'Germany' and 'Scotland'.");
        }
        return team.compareTo(other) < 0 ? new Pair(team, other) : new Pair(other, team);
    }
}
