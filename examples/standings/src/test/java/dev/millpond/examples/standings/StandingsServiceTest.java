package dev.millpond.examples.standings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StandingsServiceTest {

    private HikariDataSource database;
    private CacheRegistry caches;
    private StandingsService service;

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.open();
        caches = CacheRegistry.builder().build();
        service = new StandingsService(database, caches);
    }

    @AfterEach
    void close() {
        caches.close();
        database.close();
    }

    @Test
    void standings_firstAndSecondRead_comeFromDatabaseThenCache() {
        Answer<Standings> first = service.standings("A");
        Answer<Standings> second = service.standings("A");

        assertThat(first.fromCache()).isFalse();
        assertThat(first.source()).isEqualTo(Source.LOADER);
        assertThat(second).isEqualTo(new Answer<>(first.value(), true, Source.LOCAL));
        assertThat(teams(first)).containsExactly("Germany", "Switzerland", "Hungary", "Scotland");
    }

    @Test
    void standings_unknownGroup_isNotFound() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> service.standings("Z"))
                .withMessage("There is no group 'Z'. Give the letter of a group, such as 'A'.");
    }

    @Test
    void headToHead_bothOrders_shareOneEntry() {
        Answer<HeadToHead> first = service.headToHead("Scotland", "Hungary");
        Answer<HeadToHead> second = service.headToHead("Hungary", "Scotland");

        assertThat(first.value().teams()).containsExactly("Hungary", "Scotland");
        assertThat(first.value().table())
                .containsExactly(
                        new TableRow("Hungary", 1, 1, 0, 0, 1, 0, 3), new TableRow("Scotland", 1, 0, 0, 1, 0, 1, 0));
        assertThat(second).isEqualTo(new Answer<>(first.value(), true, Source.LOCAL));
    }

    @Test
    void headToHead_neverMet_hasNoMatches() {
        HeadToHead headToHead = service.headToHead("Germany", "Spain").value();

        assertThat(headToHead.matches()).isEmpty();
        assertThat(headToHead.table()).containsExactly(TableRow.empty("Germany"), TableRow.empty("Spain"));
    }

    @Test
    void headToHead_unknownTeam_isNotFound() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> service.headToHead("Germany", "Wales"))
                .withMessage("There is no team 'Germany' or no team 'Wales'."
                        + " Give the names as the tables do, such as 'Germany'.");
    }

    @Test
    void headToHead_oneTeamTwice_isRefused() {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> service.headToHead("Spain", "Spain"));
    }

    @Test
    void match_unknown_isNotFound() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> service.match(37))
                .withMessage("There is no match 37. Give the number of a group match, such as 26.");
    }

    @Test
    void match_readAsPartOfAStanding_isCached() {
        service.standings("A");

        assertThat(service.match(26).fromCache()).isTrue();
    }

    @Test
    void correct_match_takesExactlyItsThreeEntriesAlong() throws SQLException {
        readEverything();
        assertThat(readEverything()).isEmpty();

        service.correct(26, new Score(1, 1));

        assertThat(readEverything()).containsExactlyInAnyOrder("match 26", "standings A", "h2h Scotland Hungary");
    }

    @Test
    void correct_match_answersWithTheNewScoreEverywhere() throws SQLException {
        readEverything();

        Answer<Match> corrected = service.correct(26, new Score(1, 1));

        assertThat(corrected.value()).isEqualTo(new Match(26, "A", 3, "Scotland", "Hungary", 1, 1));
        assertThat(service.match(26).value()).isEqualTo(corrected.value());
        assertThat(service.headToHead("Hungary", "Scotland").value().matches()).containsExactly(corrected.value());
        assertThat(service.standings("A").value().table())
                .containsSubsequence(
                        new TableRow("Scotland", 3, 0, 2, 1, 3, 7, 2), new TableRow("Hungary", 3, 0, 1, 2, 2, 6, 1));
    }

    @Test
    void correct_unknownMatch_isNotFoundAndInvalidatesNothing() {
        readEverything();

        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> service.correct(37, new Score(0, 0)));

        assertThat(readEverything()).isEmpty();
    }

    /** Reads all that can be asked for, matches first, and returns what did not come from the cache. */
    private Set<String> readEverything() {
        List<Match> matches = GroupMatches.read();
        Set<String> loaded = new LinkedHashSet<>();
        for (Match match : matches) {
            note(loaded, "match " + match.id(), service.match(match.id()));
            note(loaded, "h2h " + match.home() + " " + match.away(), service.headToHead(match.home(), match.away()));
        }
        for (String group :
                new LinkedHashSet<>(matches.stream().map(Match::group).toList())) {
            note(loaded, "standings " + group, service.standings(group));
        }
        return loaded;
    }

    private static void note(Set<String> loaded, String what, Answer<?> answer) {
        if (!answer.fromCache()) {
            loaded.add(what);
        }
    }

    private static List<String> teams(Answer<Standings> answer) {
        return answer.value().table().stream().map(TableRow::team).toList();
    }
}
