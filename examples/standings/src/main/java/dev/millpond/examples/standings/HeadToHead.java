package dev.millpond.examples.standings;

import java.util.List;

/**
 * What two teams did against each other.
 *
 * @param teams the two, in alphabetical order
 * @param table both, ranked by their matches against each other
 * @param matches these matches; empty if they have not met
 */
public record HeadToHead(List<String> teams, List<TableRow> table, List<Match> matches) {

    static HeadToHead of(Pair pair, List<Match> matches) {
        List<String> teams = List.of(pair.first(), pair.second());
        return new HeadToHead(teams, Table.of(matches, teams), matches);
    }
}
