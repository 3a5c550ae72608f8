package dev.millpond.examples.standings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {

    /* Denmark and Slovenia are equal in all that scores can tell; UEFA then put Denmark first by what scores do not
    (the qualifiers' ranking), while the order of the data puts Slovenia first. */
    @ParameterizedTest
    @CsvSource({
        "A, Germany 7 Switzerland 5 Hungary 3 Scotland 1",
        "B, Spain 9 Italy 4 Croatia 2 Albania 1",
        "C, England 5 Slovenia 3 Denmark 3 Serbia 2",
        "D, Austria 6 France 5 Netherlands 4 Poland 1",
        "E, Romania 4 Belgium 4 Slovakia 4 Ukraine 4",
        "F, Portugal 6 Turkey 6 Georgia 4 Czechia 1"
    })
    void of_groupOfEuro2024_isTheFinalTable(String group, String expected) {
        List<Match> matches = GroupMatches.read().stream()
                .filter(match -> match.group().equals(group))
                .toList();

        assertThat(String.join(" ", pointsByTeam(Table.of(matches)))).isEqualTo(expected);
    }

    @Test
    void of_germany_countsEverything() {
        List<Match> matches = GroupMatches.read().stream()
                .filter(match -> match.group().equals("A"))
                .toList();

        assertThat(Table.of(matches).get(0)).isEqualTo(new TableRow("Germany", 3, 2, 1, 0, 8, 2, 7));
    }

    @Test
    void of_equalPoints_headToHeadBeatsGoalDifference() {
        assertThat(teams("Big-Small 9:0", "Small-Other 1:0", "Rival-Big 1:0", "Other-Rival 3:0", "Small-Rival 2:0"))
                .startsWith("Small")
                .containsSubsequence("Rival", "Big");
    }

    @Test
    void of_threeEqual_matchesAmongThemCountOnly() {
        // A circle of wins: goal difference among the three is X +2, Y 0, Z -2; against W it is the other way round.
        assertThat(teams("X-Y 3:0", "Y-Z 3:0", "Z-X 1:0", "X-W 1:0", "Y-W 5:0", "Z-W 9:0"))
                .containsExactly("X", "Y", "Z", "W");
    }

    @Test
    void of_threeEqualAndOneParted_startsAgainAmongTheOthers() {
        // Among X, Y, Z all have 3 points and goal difference 0; Z is first by goals, 3 to 2 and 2. X and Y start
        // again:
        // Y won their match, although X is better in all matches.
        assertThat(teams("Y-X 1:0", "X-Z 2:1", "Z-Y 2:1", "X-W 9:0", "Y-W 1:0", "Z-W 1:0"))
                .containsExactly("Z", "Y", "X", "W");
    }

    @Test
    void of_headToHeadEqual_goalDifferenceOfAllMatchesCounts() {
        assertThat(teams("X-Y 1:1", "X-W 1:0", "Y-W 2:0")).containsExactly("Y", "X", "W");
    }

    @Test
    void of_goalDifferenceEqual_goalsCount() {
        assertThat(teams("X-Y 1:1", "X-W 1:0", "Y-W 2:1")).containsExactly("Y", "X", "W");
    }

    @Test
    void of_allEqual_keepsTheOrderOfTheData() {
        assertThat(teams("X-Y 1:1", "W-X 1:1", "Y-W 1:1")).containsExactly("X", "Y", "W");
    }

    @Test
    void of_teamsWithoutMatches_areListedWithZeros() {
        assertThat(Table.of(List.of(), List.of("Germany", "Spain")))
                .containsExactly(TableRow.empty("Germany"), TableRow.empty("Spain"));
    }

    private static List<String> teams(String... results) {
        List<Match> matches = IntStream.range(0, results.length)
                .mapToObj(i -> match(i + 1, results[i]))
                .toList();
        return Table.of(matches).stream().map(TableRow::team).toList();
    }

    private static Match match(int id, String result) {
        List<String> parts = Arrays.asList(result.split("[- :]", -1));
        return new Match(
                id, "A", 1, parts.get(0), parts.get(1), Integer.parseInt(parts.get(2)), Integer.parseInt(parts.get(3)));
    }

    private static List<String> pointsByTeam(List<TableRow> table) {
        return table.stream().map(row -> row.team() + " " + row.points()).toList();
    }
}
