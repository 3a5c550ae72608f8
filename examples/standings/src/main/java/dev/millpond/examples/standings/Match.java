package dev.millpond.examples.standings;

import java.util.Set;

/**
 * A played match.
 *
 * @param id the number of the match in the tournament
 * @param group the letter of the group
 * @param matchday 1 to 3
 * @param home the team named first
 * @param away the team named second
 * @param homeGoals goals of the team named first
 * @param awayGoals goals of the team named second
 */
public record Match(int id, String group, int matchday, String home, String away, int homeGoals, int awayGoals) {

    /** Returns this match with another score. */
    public Match with(Score score) {
        return new Match(id, group, matchday, home, away, score.homeGoals(), score.awayGoals());
    }

    boolean isAmong(Set<String> teams) {
        return teams.contains(home) && teams.contains(away);
    }
}
