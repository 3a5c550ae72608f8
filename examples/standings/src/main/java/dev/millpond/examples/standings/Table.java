package dev.millpond.examples.standings;

import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ranks teams by their matches, in the order of UEFA's regulations as far as scores decide it.
 *
 * <p>Points come first. Teams equal on points are ranked by the matches among them (points, goal difference, goals);
 * where that parts only some of them, it starts again among those still equal; then all matches count (goal difference,
 * goals). Teams still equal keep the order in which the matches name them.
 */
final class Table {

    private static final Comparator<TableRow> BY_POINTS =
            comparingInt(TableRow::points).reversed();
    private static final Comparator<TableRow> BY_GOALS = comparingInt(TableRow::goalDifference)
            .reversed()
            .thenComparing(comparingInt(TableRow::goalsFor).reversed());
    private static final Comparator<TableRow> BY_RESULTS = BY_POINTS.thenComparing(BY_GOALS);

    private final List<Match> matches;
    private final Map<String, TableRow> rows;

    private Table(List<Match> matches, Collection<String> teams) {
        this.matches = matches;
        this.rows = tally(matches, teams);
    }

    /** Returns the table of all teams that the matches name, best first. */
    static List<TableRow> of(List<Match> matches) {
        return of(matches, teams(matches));
    }

    /** Returns the table of these teams, best first; the matches name no others. */
    static List<TableRow> of(List<Match> matches, Collection<String> teams) {
        Table table = new Table(matches, teams);
        return ties(table.rows.values(), BY_POINTS).stream()
                .flatMap(tie -> table.untie(tie).stream())
                .toList();
    }

    private List<TableRow> untie(List<TableRow> equal) {
        if (equal.size() == 1) {
            return equal;
        }
        List<List<TableRow>> parts = ties(headToHead(equal).values(), BY_RESULTS);
        if (parts.size() == 1) {
            return equal.stream().sorted(BY_GOALS).toList();
        }
        return parts.stream().flatMap(part -> untie(overall(part)).stream()).toList();
    }

    private Map<String, TableRow> headToHead(List<TableRow> equal) {
        Set<String> teams = equal.stream().map(TableRow::team).collect(Collectors.toCollection(LinkedHashSet::new));
        return tally(matches.stream().filter(match -> match.isAmong(teams)).toList(), teams);
    }

    private List<TableRow> overall(List<TableRow> part) {
        return part.stream().map(row -> rows.getOrDefault(row.team(), row)).toList();
    }

    /** Sorts rows and returns those that compare as equal together. */
    private static List<List<TableRow>> ties(Collection<TableRow> rows, Comparator<TableRow> order) {
        List<List<TableRow>> ties = new ArrayList<>();
        for (TableRow row : rows.stream().sorted(order).toList()) {
            if (ties.isEmpty() || order.compare(last(ties).get(0), row) != 0) {
                ties.add(new ArrayList<>());
            }
            last(ties).add(row);
        }
        return ties;
    }

    private static List<TableRow> last(List<List<TableRow>> ties) {
        return ties.get(ties.size() - 1);
    }

    private static Map<String, TableRow> tally(List<Match> matches, Collection<String> teams) {
        Map<String, TableRow> rows = new LinkedHashMap<>();
        teams.forEach(team -> rows.put(team, TableRow.empty(team)));
        for (Match match : matches) {
            rows.computeIfPresent(match.home(), (team, row) -> row.plus(match.homeGoals(), match.awayGoals()));
            rows.computeIfPresent(match.away(), (team, row) -> row.plus(match.awayGoals(), match.homeGoals()));
        }
        return rows;
    }

    private static Set<String> teams(List<Match> matches) {
        return matches.stream()
                .flatMap(match -> Stream.of(match.home(), match.away()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
