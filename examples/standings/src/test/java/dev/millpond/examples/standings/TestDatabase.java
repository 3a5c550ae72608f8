package dev.millpond.examples.standings;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.UUID;

/** A fresh in-memory database per test. */
final class TestDatabase {

    private TestDatabase() {}

    static HikariDataSource openEmpty() {
        return StandingsDatabase.open("jdbc:h2:mem:" + UUID.randomUUID());
    }

    static HikariDataSource open() throws SQLException {
        HikariDataSource database = openEmpty();
        StandingsDatabase.prepare(database);
        return database;
    }
}
