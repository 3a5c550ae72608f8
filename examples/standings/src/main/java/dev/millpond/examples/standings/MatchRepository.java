package dev.millpond.examples.standings;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** The table of matches; thread-safe. */
final class MatchRepository {

    private static final String SELECT =
            "SELECT id, group_name, matchday, home, away, home_goals, away_goals FROM matches WHERE ";

    private final DataSource database;

    MatchRepository(DataSource database) {
        this.database = database;
    }

    Optional<Match> find(int id) throws SQLException {
        return query(SELECT + "id = ?", MatchRepository::match, id).stream().findFirst();
    }

    Map<Integer, Match> findAll(Collection<Integer> ids) throws SQLException {
        String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
        return query(SELECT + "id IN (" + marks + ")", MatchRepository::match, ids.toArray()).stream()
                .collect(Collectors.toMap(Match::id, match -> match));
    }

    List<Integer> idsOfGroup(String group) throws SQLException {
        return query("SELECT id FROM matches WHERE group_name = ? ORDER BY id", MatchRepository::id, group);
    }

    List<String> groups() throws SQLException {
        return query("SELECT DISTINCT group_name FROM matches ORDER BY 1", row -> row.getString(1));
    }

    List<Integer> idsBetween(Pair pair) throws SQLException {
        return query(
                "SELECT id FROM matches WHERE home = ? AND away = ? OR home = ? AND away = ? ORDER BY id",
                MatchRepository::id,
                pair.first(),
                pair.second(),
                pair.second(),
                pair.first());
    }

    boolean hasTeam(String team) throws SQLException {
        String sql = "SELECT COUNT(*) FROM matches WHERE home = ? OR away = ?";
        return query(sql, row -> row.getInt(1), team, team).get(0) > 0;
    }

    List<String> teams() throws SQLException {
        return query("SELECT home FROM matches UNION SELECT away FROM matches ORDER BY 1", row -> row.getString(1));
    }

    /** Changes a score; the change is committed when this returns. */
    void update(int id, Score score) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(
                        connection,
                        "UPDATE matches SET home_goals = ?, away_goals = ? WHERE id = ?",
                        score.homeGoals(),
                        score.awayGoals(),
                        id)) {
            statement.executeUpdate();
        }
    }

    private <T> List<T> query(String sql, RowMapper<T> mapper, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<T> values = new ArrayList<>();
            while (rows.next()) {
                values.add(mapper.map(rows));
            }
            return values;
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private static Integer id(ResultSet row) throws SQLException {
        return row.getInt("id");
    }

    private static Match match(ResultSet row) throws SQLException {
        return new Match(
                row.getInt("id"),
                row.getString("group_name"),
                row.getInt("matchday"),
                row.getString("home"),
                row.getString("away"),
                row.getInt("home_goals"),
                row.getInt("away_goals"));
    }

    @FunctionalInterface
    private interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }
}
