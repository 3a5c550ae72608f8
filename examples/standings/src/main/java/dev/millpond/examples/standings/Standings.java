package dev.millpond.examples.standings;

import java.util.List;

/**
 * The table of a group.
 *
 * @param group the letter of the group
 * @param table its teams, best first
 */
public record Standings(String group, List<TableRow> table) {

    static Standings of(String group, List<Match> matches) {
        return new Standings(group, Table.of(matches));
    }
}
