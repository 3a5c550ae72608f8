package dev.millpond.examples.standings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StandingsDatabaseTest {

    private static final List<Integer> ALL =
            IntStream.rangeClosed(1, 36).boxed().toList();

    private HikariDataSource database;

    @BeforeEach
    void open() {
        database = TestDatabase.openEmpty();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void prepare_emptyDatabase_holdsAllMatches() throws SQLException {
        StandingsDatabase.prepare(database);

        assertThat(new MatchRepository(database).findAll(ALL).values())
                .containsExactlyInAnyOrderElementsOf(GroupMatches.read())
                .hasSize(36);
    }

    @Test
    void prepare_twice_keepsCorrectedScores() throws SQLException {
        StandingsDatabase.prepare(database);
        new MatchRepository(database).update(26, new Score(1, 1));

        StandingsDatabase.prepare(database);

        assertThat(new MatchRepository(database).find(26)).contains(new Match(26, "A", 3, "Scotland", "Hungary", 1, 1));
    }

    @Test
    void prepare_byManyAtOnce_fillsOnce() throws Exception {
        Callable<Void> prepare = () -> {
            StandingsDatabase.prepare(database);
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Void> done : threads.invokeAll(List.of(prepare, prepare, prepare, prepare))) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }

        assertThat(new MatchRepository(database).findAll(ALL)).hasSize(36);
    }

    @Test
    void prepare_tableOfAnotherShape_fails() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE matches (id INT)");
        }

        assertThatThrownBy(() -> StandingsDatabase.prepare(database)).isInstanceOf(SQLException.class);
    }
}
