package dev.millpond.examples.standings;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** Makes the database of matches. */
public final class StandingsDatabase {

    private static final String INTEGRITY_VIOLATION = "23";

    private StandingsDatabase() {}

    /**
     * Opens a pool of connections; close it.
     *
     * @param url a JDBC URL, for example {@code jdbc:h2:mem:standings}
     */
    public static HikariDataSource open(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        return new HikariDataSource(config);
    }

    /**
     * Creates the table of matches and fills it, unless that has been done. Several applications may do so at once on
     * one database.
     *
     * @throws SQLException if the database fails
     */
    public static void prepare(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS matches (id INT PRIMARY KEY, group_name VARCHAR(1) NOT NULL,"
                    + " matchday INT NOT NULL, home VARCHAR(40) NOT NULL, away VARCHAR(40) NOT NULL,"
                    + " home_goals INT NOT NULL, away_goals INT NOT NULL)");
            if (isEmpty(statement)) {
                fill(connection, GroupMatches.read());
            }
        }
    }

    private static boolean isEmpty(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM matches")) {
            rows.next();
            return rows.getInt(1) == 0;
        }
    }

    private static void fill(Connection connection, List<Match> matches) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO matches VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            for (Match match : matches) {
                insert(insert, match);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!isDuplicateKey(e)) {
                throw e;
            }
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void insert(PreparedStatement insert, Match match) throws SQLException {
        insert.setInt(1, match.id());
        insert.setString(2, match.group());
        insert.setInt(3, match.matchday());
        insert.setString(4, match.home());
        insert.setString(5, match.away());
        insert.setInt(6, match.homeGoals());
        insert.setInt(7, match.awayGoals());
        insert.executeUpdate();
    }

    // Another application that started at the same moment was faster, which is just as good.
    private static boolean isDuplicateKey(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith(INTEGRITY_VIOLATION);
    }
}
