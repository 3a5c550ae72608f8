package dev.millpond.cache;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.h2.jdbcx.JdbcConnectionPool;

/** A table of teams in H2, which counts the rows that are read, and how many connections are taken at once. */
final class TeamDatabase implements AutoCloseable {

    private static final long LONGEST_WAIT_SECONDS = 10;

    private final JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:teams", "", "");
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger mostTaken = new AtomicInteger();
    private final LongAdder rows = new LongAdder();
    private final CountDownLatch meeting;

    /**
     * Creates a table.
     *
     * @param size the number of its rows, whose ids are from 1
     * @param meeting so many readers wait for each other at first, so that it is seen that there are that many
     */
    TeamDatabase(int size, int meeting) throws SQLException {
        this.meeting = new CountDownLatch(meeting);
        pool.setMaxConnections(64);
        keepOpen(pool);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE team (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL)");
            statement.execute("INSERT INTO team SELECT x, 'team ' || x FROM SYSTEM_RANGE(1, " + size + ")");
        }
    }

    /** The database lives as long as the pool, not as long as a connection. */
    private static void keepOpen(JdbcConnectionPool pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET DB_CLOSE_DELAY -1");
        }
    }

    /** Reads names by one query, on a connection of its own. */
    Map<Integer, String> names(Set<Integer> ids) throws SQLException, InterruptedException {
        mostTaken.accumulateAndGet(taken.incrementAndGet(), Math::max);
        try (Connection connection = pool.getConnection();
                PreparedStatement query = connection.prepareStatement("SELECT id, name FROM team WHERE id = ANY(?)")) {
            meeting.countDown();
            boolean unused = meeting.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            query.setArray(1, connection.createArrayOf("INTEGER", ids.toArray()));
            return read(query);
        } finally {
            taken.decrementAndGet();
        }
    }

    private Map<Integer, String> read(PreparedStatement query) throws SQLException {
        Map<Integer, String> names = new HashMap<>();
        try (ResultSet result = query.executeQuery()) {
            while (result.next()) {
                names.put(result.getInt(1), result.getString(2));
            }
        }
        rows.add(names.size());
        return names;
    }

    /** Returns how many rows were read in all. */
    long rows() {
        return rows.sum();
    }

    /** Returns how many connections were taken at once at the most. */
    int mostTaken() {
        return mostTaken.get();
    }

    @Override
    public void close() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        } finally {
            pool.dispose();
        }
    }
}
