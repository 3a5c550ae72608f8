package dev.millpond.examples.standings.web;

import dev.millpond.examples.standings.InvalidInputException;
import dev.millpond.examples.standings.Score;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that corrects a score.
 *
 * @param homeGoals null if the body has none
 * @param awayGoals null if the body has none
 */
public record ScoreCorrection(
        @Nullable Integer homeGoals, @Nullable Integer awayGoals) {

    /** What a client is told whose body is not JSON of this shape. */
    public static final String MALFORMED = "The body is not a score in JSON. " + ScoreCorrection.EXAMPLE;

    static final String EXAMPLE = "Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.";

    /**
     * Returns the corrected score.
     *
     * @throws InvalidInputException if a number is missing or out of range
     */
    public Score toScore() {
        return Score.of(homeGoals, awayGoals);
    }
}
