package dev.millpond.examples.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What two instances of an application do that share a Redis and a database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SharedRedisContract {

    /** The Redis of both. */
    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static final Duration NOTICED = Duration.ofSeconds(2);
    private static final Duration CONNECTED = Duration.ofSeconds(10);

    private static final int FREE_CAPACITY = 12;
    private static final long REFILL_MILLIS = 6_000;
    private static final int WARM_UP = 50;

    private final List<RunningApplication> applications = new ArrayList<>();

    /** For subclasses. */
    protected SharedRedisContract() {}

    /**
     * Starts an instance on this database and this Redis, and waits until it is connected to Redis.
     *
     * <p>Everything is as usual, but for one thing: the tier {@code free} denies while Redis is away or too slow. So a
     * decision made without Redis, as some are on a busy machine, admits nothing and shows by its status 503.
     */
    protected abstract RunningApplication start(String databaseUrl, String redisUrl) throws Exception;

    @BeforeAll
    final void startBoth() throws Exception {
        String database = "jdbc:h2:mem:" + UUID.randomUUID();
        applications.add(start(database, REDIS.url()));
        applications.add(start(database, REDIS.url()));
    }

    @AfterAll
    final void stopBoth() {
        applications.forEach(RunningApplication::close);
    }

    @Test
    void get_readByTheOther_comesFromRedisThenFromTheProcess() {
        api(0).get("/standings/B");

        assertThat(api(1).get("/standings/B").source()).isEqualTo("REMOTE");
        assertThat(api(1).get("/standings/B").source()).isEqualTo("LOCAL");
    }

    @Test
    void correct_onOne_isSeenOnTheOtherAndTakesNothingElseAlong() {
        List<String> paths = List.of("/matches/26", "/standings/A", "/teams/Hungary/h2h/Scotland", "/standings/C");
        paths.forEach(path -> List.of(0, 1).forEach(instance -> api(instance).get(path)));

        api(0).put("/matches/26", "{\"homeGoals\":4,\"awayGoals\":4}");

        await().atMost(NOTICED)
                .untilAsserted(() -> assertThat(api(1).get("/matches/26")
                                .json()
                                .get("awayGoals")
                                .intValue())
                        .isEqualTo(4));
        await().atMost(NOTICED)
                .untilAsserted(() ->
                        assertThat(api(1).get("/standings/A").text()).contains("\"goalsFor\":6,\"goalsAgainst\":10"));
        await().atMost(NOTICED)
                .untilAsserted(() -> assertThat(api(1).get("/teams/Scotland/h2h/Hungary")
                                .json()
                                .at("/table/0/drawn")
                                .intValue())
                        .isEqualTo(1));
        assertThat(api(1).get("/standings/C").source()).isEqualTo("LOCAL");
    }

    @Test
    void get_freeKeyAtOnceOnBoth_isOneLimit() {
        long begunAt = System.nanoTime();
        List<ApiResponse> answers = new ArrayList<>();
        List.of(0, 1).forEach(instance -> answers.addAll(untilRedisAdmits(instance)));
        answers.addAll(thirteenAtOnceOnBoth());
        int refilled = (int) (Duration.ofNanos(System.nanoTime() - begunAt).toMillis() / REFILL_MILLIS);

        long undecided =
                answers.stream().filter(answer -> answer.status() == 503).count();
        assertThat(answers).extracting(ApiResponse::status).isSubsetOf(200, 429, 503);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 200)
                .as("passed, with %s decisions made without Redis", undecided)
                .hasSizeBetween(FREE_CAPACITY - (int) undecided, FREE_CAPACITY + refilled);
    }

    /** Sends requests with the free key until one passes, which shows that Redis decides. */
    private List<ApiResponse> untilRedisAdmits(int instance) {
        api(instance).getAtOnce(WARM_UP, "/standings/D");
        List<ApiResponse> answers = new ArrayList<>();
        await().atMost(CONNECTED).until(() -> {
            ApiResponse answer = api(applications.get(instance), "demo-free").get("/standings/D");
            answers.add(answer);
            return answer.status() == 200;
        });
        return answers;
    }

    private List<ApiResponse> thirteenAtOnceOnBoth() {
        List<CompletableFuture<ApiResponse>> begun =
                new ArrayList<>(api(applications.get(0), "demo-free").begin(6, "/standings/D"));
        begun.addAll(api(applications.get(1), "demo-free").begin(7, "/standings/D"));
        return begun.stream().map(CompletableFuture::join).toList();
    }

    @Test
    void redisKeys_afterUse_areReadableAndHoldNoApiKey() {
        api(0).get("/standings/A");
        api(0).get("/teams/Scotland/h2h/Hungary");

        await().atMost(CONNECTED).untilAsserted(() -> {
            List.of("demo-standard", "demo-pro", "unknown-key")
                    .forEach(key -> api(applications.get(0), key).get("/matches/26"));
            assertThat(redisKeys())
                    .anyMatch(key -> key.endsWith(":standings:A"))
                    .anyMatch(key -> key.endsWith(":matches:26"))
                    .anyMatch(key -> key.endsWith(":h2h:Hungary:Scotland"))
                    .anyMatch(key -> key.contains(":rl:") && key.endsWith(":standard"))
                    .anyMatch(key -> key.contains(":rl:") && key.endsWith(":anonymous"));
        });
        assertThat(redisKeys()).noneMatch(key -> key.contains("demo-") || key.contains("unknown-key"));
    }

    private static List<String> redisKeys() {
        RedisServer server = REDIS.server();
        List<?> keys = (List<?>) Objects.requireNonNull(server.command("KEYS", "*"));
        return keys.stream().map(String::valueOf).toList();
    }

    private ApiClient api(int instance) {
        return api(applications.get(instance), "demo-enterprise");
    }

    private static ApiClient api(RunningApplication application, String key) {
        return new ApiClient(application.uri(), key);
    }
}
