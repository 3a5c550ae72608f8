package dev.millpond.examples.standings;

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
     * @throws IllegalArgumentException if one is out of range
     */
    public Score {
        check("homeGoals", homeGoals);
        check("awayGoals", awayGoals);
    }

    private static void check(String name, int goals) {
        if (goals < 0 || goals > MAXIMUM) {
            throw new IllegalArgumentException(
                    name + " is " + goals + ", must be 0 to " + MAXIMUM + ". Give the goals of the final score.");
        }
    }
}
