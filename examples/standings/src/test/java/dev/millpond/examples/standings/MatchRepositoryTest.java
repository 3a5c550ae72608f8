package dev.millpond.examples.standings;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MatchRepositoryTest {

    private static final Match MATCH_26 = new Match(26, "A", 3, "Scotland", "Hungary", 0, 1);

    private HikariDataSource database;
    private MatchRepository repository;

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.open();
        repository = new MatchRepository(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void find_knownMatch_returnsAllColumns() throws SQLException {
        assertThat(repository.find(26)).contains(MATCH_26);
    }

    @Test
    void find_unknownMatch_isEmpty() throws SQLException {
        assertThat(repository.find(37)).isEmpty();
    }

    @Test
    void findAll_someUnknown_returnsTheKnown() throws SQLException {
        assertThat(repository.findAll(List.of(26, 37))).hasSize(1).containsEntry(26, MATCH_26);
    }

    @Test
    void idsOfGroup_knownGroup_areInOrder() throws SQLException {
        assertThat(repository.idsOfGroup("A")).containsExactly(1, 2, 13, 14, 25, 26);
    }

    @Test
    void idsOfGroup_groupWithBlank_isAnotherGroup() throws SQLException {
        assertThat(repository.idsOfGroup("A ")).isEmpty();
    }

    @Test
    void idsBetween_homeOrAway_findsTheMatch() throws SQLException {
        assertThat(repository.idsBetween(new Pair("Hungary", "Scotland"))).containsExactly(26);
        assertThat(repository.idsBetween(new Pair("Scotland", "Hungary"))).containsExactly(26);
        assertThat(repository.idsBetween(new Pair("Hungary", "Spain"))).isEmpty();
    }

    @Test
    void hasTeam_homeAwayAndUnknown_tells() throws SQLException {
        assertThat(repository.hasTeam("Scotland")).isTrue();
        assertThat(repository.hasTeam("Wales")).isFalse();
    }

    @Test
    void teams_all_areInAlphabeticalOrder() throws SQLException {
        assertThat(repository.teams())
                .hasSize(24)
                .startsWith("Albania", "Austria")
                .endsWith("Ukraine");
    }

    @Test
    void update_match_changesThatMatchOnly() throws SQLException {
        repository.update(26, new Score(2, 3));

        assertThat(repository.find(26)).contains(MATCH_26.with(new Score(2, 3)));
        assertThat(repository.findAll(repository.idsOfGroup("A")).values())
                .filteredOn(match -> match.id() != 26)
                .isSubsetOf(GroupMatches.read());
    }
}
