package dev.millpond.examples.standings;

import org.jspecify.annotations.Nullable;

/**
 * The result of a match.
 *
 * @param homeGoals 0 to 99
 * @param awayGoals 0 to 99
 */
public record Score(int homeGoals, int awayGoals) {

    private static final int MAXIMUM = 99;

    /**
     * Checks the ranges.
     *
     * @throws InvalidInputException if one is out of range
     */
    public Score {
        check("homeGoals", homeGoals);
        check("awayGoals", awayGoals);
    }

    /**
     * Returns a score of goals that may be missing.
     *
     * @throws InvalidInputException if one is missing or out of range
     */
    public static Score of(@Nullable Integer homeGoals, @Nullable Integer awayGoals) {
        return new Score(present("homeGoals", homeGoals), present("awayGoals", awayGoals));
    }

    private static int present(String name, @Nullable Integer goals) {
        if (goals == null) {
            throw invalid(name + " is missing");
        }
        return goals;
    }

    private static void check(String name, int goals) {
        if (goals < 0 || goals > MAXIMUM) {
            throw invalid(name + " is " + goals);
        }
    }

    private static InvalidInputException invalid(String problem) {
        return new InvalidInputException(
                problem + ", must be 0 to " + MAXIMUM + ". Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.");
    }
}
