package dev.millpond.examples.standings;

/**
 * A team's line in a table.
 *
 * @param team the team
 * @param played matches played
 * @param won matches won
 * @param drawn matches drawn
 * @param lost matches lost
 * @param goalsFor goals scored
 * @param goalsAgainst goals conceded
 * @param points 3 for each win, 1 for each draw
 */
public record TableRow(
        String team, int played, int won, int drawn, int lost, int goalsFor, int goalsAgainst, int points) {

    private static final int POINTS_FOR_WIN = 3;

    static TableRow empty(String team) {
        return new TableRow(team, 0, 0, 0, 0, 0, 0, 0);
    }

    TableRow plus(int scored, int conceded) {
        int win = scored > conceded ? 1 : 0;
        int draw = scored == conceded ? 1 : 0;
        int loss = scored < conceded ? 1 : 0;
        return new TableRow(
                team,
                played + 1,
                won + win,
                drawn + draw,
                lost + loss,
                goalsFor + scored,
                goalsAgainst + conceded,
                points + POINTS_FOR_WIN * win + draw);
    }

    int goalDifference() {
        return goalsFor - goalsAgainst;
    }
}
