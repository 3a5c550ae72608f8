package dev.millpond.examples.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What an application does on its own, without Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StandingsContract {

    private static final String GROUP_A = """
            {"group":"A","table":[\
            {"team":"Germany","played":3,"won":2,"drawn":1,"lost":0,"goalsFor":8,"goalsAgainst":2,"points":7},\
            {"team":"Switzerland","played":3,"won":1,"drawn":2,"lost":0,"goalsFor":5,"goalsAgainst":3,"points":5},\
            {"team":"Hungary","played":3,"won":1,"drawn":0,"lost":2,"goalsFor":2,"goalsAgainst":5,"points":3},\
            {"team":"Scotland","played":3,"won":0,"drawn":1,"lost":2,"goalsFor":2,"goalsAgainst":7,"points":1}],\
            """;

    private RunningApplication application;
    private ApiClient api;

    /** For subclasses. */
    protected StandingsContract() {}

    /** Starts the application with a database of its own and without Redis. */
    protected abstract RunningApplication start() throws Exception;

    @BeforeAll
    final void startApplication() throws Exception {
        application = start();
        api = new ApiClient(application.uri(), "demo-enterprise");
    }

    @AfterAll
    final void stopApplication() {
        application.close();
    }

    @BeforeEach
    final void restoreMatch26() {
        assertThat(api.put("/matches/26", score(0, 1)).status()).isEqualTo(200);
    }

    @Test
    void standings_groupRead_isTheFinalTableFirstLoadedThenCached() {
        assertThat(api.get("/standings/A").text()).isEqualTo(GROUP_A + "\"fromCache\":false,\"source\":\"LOADER\"}");
        assertThat(api.get("/standings/A").text()).isEqualTo(GROUP_A + "\"fromCache\":true,\"source\":\"LOCAL\"}");
    }

    @Test
    void standings_answered_isJsonWithCacheStatus() {
        api.get("/standings/A");
        ApiResponse cached = api.get("/standings/A");

        assertThat(cached.header("Content-Type")).startsWith("application/json");
        assertThat(cached.header("Cache-Status")).contains("hit");
    }

    @Test
    void match_read_isTheMatchFirstLoadedThenCached() {
        String match = "{\"id\":26,\"group\":\"A\",\"matchday\":3,\"home\":\"Scotland\",\"away\":\"Hungary\","
                + "\"homeGoals\":0,\"awayGoals\":1,";

        assertThat(api.get("/matches/26").text()).isEqualTo(match + "\"fromCache\":false,\"source\":\"LOADER\"}");
        assertThat(api.get("/matches/26").text()).isEqualTo(match + "\"fromCache\":true,\"source\":\"LOCAL\"}");
    }

    @Test
    void headToHead_bothOrders_areOneEntry() {
        ApiResponse first = api.get("/teams/Scotland/h2h/Hungary");
        ApiResponse second = api.get("/teams/Hungary/h2h/Scotland");

        assertThat(first.fromCache()).isFalse();
        assertThat(second.fromCache()).isTrue();
        assertThat(first.json().get("teams").toString()).isEqualTo("[\"Hungary\",\"Scotland\"]");
        assertThat(first.json().at("/table/0/team").stringValue()).isEqualTo("Hungary");
        assertThat(first.json().at("/matches/0/id").intValue()).isEqualTo(26);
        assertThat(second.json().get("matches")).isEqualTo(first.json().get("matches"));
    }

    @Test
    void correct_match26_takesExactlyItsThreeEntriesAlong() {
        List<String> paths = everyPath();
        paths.forEach(api::get);
        assertThat(paths).allMatch(path -> api.get(path).fromCache());

        ApiResponse corrected = api.put("/matches/26", score(1, 1));

        assertThat(corrected.status()).isEqualTo(200);
        assertThat(corrected.json().get("homeGoals").intValue()).isEqualTo(1);
        assertThat(paths.stream().filter(path -> !api.get(path).fromCache()))
                .containsExactly("/matches/26", "/teams/Scotland/h2h/Hungary", "/standings/A");
    }

    @Test
    void correct_match26_changesTheTableOfItsGroup() {
        api.put("/matches/26", score(1, 1));

        assertThat(api.get("/standings/A").json().get("table").toString())
                .contains("\"team\":\"Scotland\",\"played\":3,\"won\":0,\"drawn\":2,\"lost\":1,"
                        + "\"goalsFor\":3,\"goalsAgainst\":7,\"points\":2")
                .contains("\"team\":\"Hungary\",\"played\":3,\"won\":0,\"drawn\":1,\"lost\":2,"
                        + "\"goalsFor\":2,\"goalsAgainst\":6,\"points\":1");
    }

    @ParameterizedTest
    @CsvSource({
        "/standings/Z, There is no group 'Z'. Give the letter of a group",
        "/teams/Germany/h2h/Wales, There is no team 'Germany' or no team 'Wales'",
        "/matches/37, There is no match 37. Give the number of a group match",
        "/matches/first, There is no match 'first'. Give the number of a group match",
        "/matches/99999999999, There is no match '99999999999'",
        "/matches/026, There is no match '026'",
        "/matches/00, There is no match '00'",
        "/matches/0, There is no match 0",
        "/matches/+26, There is no match '+26'",
        "/matches/%D9%A2%D9%A6, There is no match '\u0662\u0666'",
    })
    void get_unknownName_is404WithTheFix(String path, String detail) {
        assertThat(problem(api.get(path), 404)).startsWith(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/tables/A", "/standings", "/standings/A/B", "/teams/Germany", "/matches"})
    void get_unknownPath_is404(String path) {
        problem(api.get(path), 404);
    }

    @Test
    void delete_match_is405() {
        problem(api.delete("/matches/26"), 405);
    }

    @Test
    void headToHead_oneTeamTwice_is400() {
        assertThat(problem(api.get("/teams/Spain/h2h/Spain"), 400)).startsWith("Both teams are 'Spain'.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"homeGoals\":-1,\"awayGoals\":1} | homeGoals is -1, must be 0 to 99.",
                "{\"homeGoals\":1,\"awayGoals\":100} | awayGoals is 100, must be 0 to 99.",
                "{\"homeGoals\":1} | awayGoals is missing, must be 0 to 99.",
                "{\"homeGoals\":null,\"awayGoals\":1} | homeGoals is missing, must be 0 to 99.",
                "{} | homeGoals is missing, must be 0 to 99.",
            })
    void correct_badGoals_is400AndChangesNothing(String body, String detail) {
        api.get("/standings/A");

        assertThat(problem(api.put("/matches/26", body), 400)).startsWith(detail);

        assertNothingChanged();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{\"homeGoals\":1",
                "{\"homeGoals\":1,\"awayGoals\":1} x",
                "{\"homeGoals\":1.5,\"awayGoals\":1}",
                "{\"homeGoals\":\"1\",\"awayGoals\":1}",
                "{\"homeGoals\":99999999999,\"awayGoals\":1}",
                "{\"homeGoals\":0,\"homeGoals\":5,\"awayGoals\":1}",
                "{\"homeGoals\":1,\"awayGoals\":1,\"referee\":\"?\"}"
            })
    void correct_malformedBody_is400AndChangesNothing(String body) {
        api.get("/standings/A");

        assertThat(problem(api.put("/matches/26", body), 400))
                .contains("Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.");

        assertNothingChanged();
    }

    @Test
    void correct_bodyAtTheLimit_isTaken() {
        assertThat(api.put("/matches/26", padded(4096)).status()).isEqualTo(200);
    }

    @Test
    void correct_bodyOverTheLimit_is413AndChangesNothing() {
        api.get("/standings/A");

        assertThat(problem(api.put("/matches/26", padded(4097)), 413)).startsWith("The body has more than 4096 bytes.");
        assertThat(problem(api.putChunked("/matches/26", padded(4097)), 413))
                .endsWith("Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.");

        assertNothingChanged();
    }

    private static String padded(int length) {
        String score = score(0, 1);
        return score + " ".repeat(length - score.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/standings/%FF", "/standings/A%2FB", "/standings/%00"})
    void get_pathThatTheContainerRefuses_is400AsAProblem(String path) {
        assertThat(problem(api.get(path), 400)).contains("well-formed");
    }

    @Test
    void get_pathOfTwentyThousandCharacters_is400AsAProblem() {
        problem(api.get("/standings/" + "A".repeat(20_000)), 400);
    }

    @Test
    void trace_anything_is405AsAProblem() {
        problem(api.trace("/standings/A"), 405);
    }

    @Test
    void correct_unknownMatch_is404() {
        assertThat(problem(api.put("/matches/37", score(1, 1)), 404)).startsWith("There is no match 37.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/matches/026", "/matches/+26", "/matches/%D9%A2%D9%A6"})
    void correct_numberWrittenInAnotherWay_is404AndChangesNothing(String path) {
        api.get("/standings/A");

        assertThat(problem(api.put(path, score(1, 1)), 404)).startsWith("There is no match '");

        assertNothingChanged();
    }

    @Test
    void correct_withoutKnownKey_is401AndChangesNothing() {
        api.get("/standings/A");

        for (ApiClient stranger : List.of(api.with(), api.with("demo-unknown"), api.with(""))) {
            ApiResponse refused = stranger.put("/matches/26", score(1, 1));
            assertThat(problem(refused, 401)).startsWith("Changing a score needs a known API key.");
            assertThat(refused.header("WWW-Authenticate")).startsWith("ApiKey");
        }

        assertNothingChanged();
    }

    @Test
    void get_twoDifferentKeys_is400() {
        assertThat(problem(api.with("demo-free", "demo-pro").get("/standings/A"), 400))
                .doesNotContain("demo-");
    }

    @Test
    void get_oneKeyTwice_isThatKey() {
        assertThat(api.with("demo-pro", "demo-pro").get("/standings/A").header("RateLimit"))
                .startsWith("\"pro\";");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo-unknown"})
    void get_noKnownKey_isTheAnonymousTier(String key) {
        ApiResponse answer = api.with(key).get("/standings/A");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("RateLimit")).startsWith("\"anonymous\";r=");
        assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"anonymous\";q=60;w=60;millpond-burst=20");
    }

    @Test
    void get_thirteenAtOnceWithTheFreeKey_twelvePass() {
        List<ApiResponse> answers = api.with("demo-free").getAtOnce(13, "/standings/B");

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(12);
        ApiResponse denied = answers.stream()
                .filter(answer -> answer.status() == 429)
                .findFirst()
                .orElseThrow();
        assertThat(denied.header("Retry-After")).isEqualTo("6");
        assertThat(denied.header("RateLimit")).isEqualTo("\"free\";r=0;t=6");
        assertThat(denied.header("RateLimit-Policy")).isEqualTo("\"free\";q=10;w=60;millpond-burst=2");
        assertThat(problem(denied, 429)).contains("Retry in 6 s.");
    }

    @Test
    void get_threeHundredWithTheEnterpriseKey_allPass() {
        assertThat(api.getAtOnce(300, "/standings/B"))
                .extracting(ApiResponse::status)
                .containsOnly(200);
    }

    private void assertNothingChanged() {
        assertThat(api.get("/standings/A").text()).isEqualTo(GROUP_A + "\"fromCache\":true,\"source\":\"LOCAL\"}");
    }

    /** Checks that a response is a problem with this status, and returns its detail. */
    private static String problem(ApiResponse response, int status) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("Content-Type")).startsWith("application/problem+json");
        assertThat(response.json().get("status").intValue()).isEqualTo(status);
        assertThat(response.json().get("title").stringValue()).isNotBlank();
        return response.json().get("detail").stringValue();
    }

    /** Returns all that can be read: matches, then the pairs that met, then the tables. */
    private List<String> everyPath() {
        List<String> matches =
                IntStream.rangeClosed(1, 36).mapToObj(id -> "/matches/" + id).toList();
        Stream<String> pairs =
                matches.stream().map(path -> api.get(path).json()).map(StandingsContract::headToHead);
        Stream<String> tables = Stream.of("A", "B", "C", "D", "E", "F").map(group -> "/standings/" + group);
        return Stream.of(matches.stream(), pairs, tables)
                .flatMap(paths -> paths)
                .toList();
    }

    private static String headToHead(JsonNode match) {
        return "/teams/" + match.get("home").stringValue() + "/h2h/"
                + match.get("away").stringValue();
    }

    private static String score(int homeGoals, int awayGoals) {
        return "{\"homeGoals\":" + homeGoals + ",\"awayGoals\":" + awayGoals + "}";
    }
}
