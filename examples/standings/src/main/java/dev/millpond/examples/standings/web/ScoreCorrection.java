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

    /**
     * Returns the corrected score.
     *
     * @throws InvalidInputException if a number is missing or out of range
     */
    public Score toScore() {
        return Score.of(homeGoals, awayGoals);
    }
}
