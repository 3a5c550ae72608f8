package dev.millpond.examples.boot;

import dev.millpond.examples.boot.Visitor.Reply;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Knows what the application may answer while two matches of group A change. Thread-safe.
 *
 * <p>In its table each team has one match that changes, so the goals tell the scores from which it was made.
 */
final class Oracle {

    static final List<String> CHANGING = List.of("/standings/A", "/matches/26", "/teams/Hungary/h2h/Scotland");
    static final List<String> CONSTANT = List.of("/standings/B", "/matches/27", "/teams/Spain/h2h/Albania", "/teams");

    private final ChangingMatch scotlandHungary = new ChangingMatch(26);
    private final ChangingMatch switzerlandGermany = new ChangingMatch(25);
    private final Map<String, String> constants = new HashMap<>();
    private final Map<String, Integer> otherGoals = new HashMap<>();

    /** Learns what does not change, and sets both matches to 0:0. */
    static Oracle of(Visitor visitor) throws IOException, InterruptedException {
        Oracle oracle = new Oracle();
        for (ChangingMatch match : oracle.matches()) {
            visitor.put(match.path(), ChangingMatch.score(0));
        }
        for (String path : CONSTANT) {
            oracle.constants.put(path, content(visitor.get(path)));
        }
        visitor.get("/standings/A").json().get("table").forEach(row -> oracle.otherGoals.put(team(row), goals(row)));
        return oracle;
    }

    List<ChangingMatch> matches() {
        return List.of(scotlandHungary, switzerlandGermany);
    }

    /** Returns what will tell whether the answer to a question that is about to be asked is right. */
    Predicate<Reply> judgeOf(String path) {
        if (constants.containsKey(path)) {
            String expected = Objects.requireNonNull(constants.get(path));
            return reply -> content(reply).equals(expected);
        }
        int first = scotlandHungary.answered();
        int second = switzerlandGermany.answered();
        return switch (path) {
            case "/standings/A" ->
                reply -> {
                    Map<String, Integer> goals =
                            goalsOfChangingMatches(reply.json().get("table"));
                    return allows(scotlandHungary, goals, "Scotland", "Hungary", first)
                            && allows(switzerlandGermany, goals, "Switzerland", "Germany", second);
                };
            case "/matches/26" -> reply -> allows(reply.json(), first);
            default -> reply -> allows(reply.json().at("/matches/0"), first);
        };
    }

    private boolean allows(JsonNode match, int answeredBefore) {
        return scotlandHungary.allows(
                match.get("homeGoals").intValue(), match.get("awayGoals").intValue(), answeredBefore);
    }

    private static boolean allows(
            ChangingMatch match, Map<String, Integer> goals, String home, String away, int answeredBefore) {
        return match.allows(goals.getOrDefault(home, -1), goals.getOrDefault(away, -1), answeredBefore);
    }

    private Map<String, Integer> goalsOfChangingMatches(JsonNode table) {
        Map<String, Integer> goals = new HashMap<>();
        table.forEach(row -> goals.put(team(row), goals(row) - otherGoals.getOrDefault(team(row), 0)));
        return goals;
    }

    private static String team(JsonNode row) {
        return row.get("team").stringValue();
    }

    private static int goals(JsonNode row) {
        return row.get("goalsFor").intValue();
    }

    /** Returns an answer without where it came from. */
    private static String content(Reply reply) {
        return reply.text().replaceFirst(",\"fromCache\".*", "");
    }

    @Override
    public String toString() {
        return matches().toString();
    }
}
