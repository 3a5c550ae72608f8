package dev.millpond.examples.standings;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Warmer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Answers for groups, pairs of teams and matches, each through a cache of its own.
 *
 * <p>Tables are made of cached matches. The caches see these reads and record them, so invalidating one match takes the
 * table of its group and the record of its two teams along, and nothing else. Thread-safe; make one per registry.
 */
public final class StandingsService {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);

    private final MatchRepository repository;
    private final LoadingCache<Integer, Match> matches;
    private final LoadingCache<String, Standings> standings;
    private final LoadingCache<Pair, HeadToHead> headToHeads;

    /** Creates the service with three new caches of a registry: {@code matches}, {@code standings} and {@code h2h}. */
    public StandingsService(DataSource database, CacheRegistry caches) {
        this.repository = new MatchRepository(database);
        this.matches =
                caches.newCache("matches", Match.class).timeToLive(TIME_TO_LIVE).buildBulk(repository::findAll);
        this.standings = caches.newCache("standings", Standings.class)
                .timeToLive(TIME_TO_LIVE)
                .build(this::loadStandings);
        this.headToHeads = caches.newCache("h2h", HeadToHead.class)
                .timeToLive(TIME_TO_LIVE)
                .build(this::loadHeadToHead);
    }

    /**
     * Returns the table of a group.
     *
     * @throws NotFoundException if no match is of this group
     */
    public Answer<Standings> standings(String group) {
        return Answer.of(
                standings.lookup(group),
                () -> "There is no group '" + group + "'. Give the letter of a group, such as 'A'.");
    }

    /**
     * Returns what two teams did against each other; their order does not matter.
     *
     * @throws NotFoundException if a team played no match
     * @throws InvalidInputException if both are the same
     */
    public Answer<HeadToHead> headToHead(String team, String other) {
        return Answer.of(
                headToHeads.lookup(Pair.of(team, other)),
                () -> "There is no team '" + team + "' or no team '" + other
                        + "'. Give the names as the tables do, such as 'Germany'.");
    }

    /**
     * Returns a match.
     *
     * @throws NotFoundException if there is none with this number
     */
    public Answer<Match> match(int id) {
        return Answer.of(matches.lookup(id), () -> noMatch(id));
    }

    /**
     * Corrects the score of a match, and answers with the corrected match.
     *
     * @throws NotFoundException if there is no match with this number
     * @throws SQLException if the database fails; then nothing has changed
     */
    public Answer<Match> correct(int id, Score score) throws SQLException {
        Match match = repository.find(id).orElseThrow(() -> new NotFoundException(noMatch(id)));
        repository.update(id, score);
        matches.invalidate(id);
        return Answer.fromDatabase(match.with(score));
    }

    /**
     * Returns the names of all teams, in alphabetical order and always from the database.
     *
     * @throws SQLException if the database fails
     */
    public List<String> teams() throws SQLException {
        return repository.teams();
    }

    /** Returns what makes the tables of all groups before anybody asks for them. */
    public Warmer warmer() {
        return standings.warmer(this::groups).build();
    }

    private Stream<String> groups() {
        try {
            return repository.groups().stream();
        } catch (SQLException e) {
            throw new IllegalStateException("The groups cannot be read. Look at the database.", e);
        }
    }

    private static String noMatch(int id) {
        return "There is no match " + id + ". Give the number of a group match, such as 26.";
    }

    private @Nullable Standings loadStandings(String group) throws SQLException {
        List<Match> played = readThroughCache(repository.idsOfGroup(group));
        return played.isEmpty() ? null : Standings.of(group, played);
    }

    private @Nullable HeadToHead loadHeadToHead(Pair pair) throws SQLException {
        boolean known = repository.hasTeam(pair.first()) && repository.hasTeam(pair.second());
        return known ? HeadToHead.of(pair, readThroughCache(repository.idsBetween(pair))) : null;
    }

    private List<Match> readThroughCache(List<Integer> ids) {
        Map<Integer, Match> found = matches.getAll(ids);
        return ids.stream()
                .map(found::get)
                .flatMap(match -> Optional.ofNullable(match).stream())
                .toList();
    }
}
