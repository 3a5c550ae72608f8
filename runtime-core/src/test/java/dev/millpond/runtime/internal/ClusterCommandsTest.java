package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.spi.KeyCommands;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cluster whose master of a key is the first letter of it. */
final class ClusterCommandsTest {

    private static final Map<Character, Object> MASTERS = Map.of('a', "first master", 'b', "second master");

    private final FakeCommands redis = new FakeCommands();
    private final ClusterCommands<Object> cluster = new ClusterCommands<>(
            redis,
            key -> MASTERS.get(key.charAt(0)),
            master -> new CallGroup(
                    redis,
                    () -> new MergedCommands(redis),
                    Runnable::run,
                    later -> {},
                    new CallCounts(),
                    new FakeTicker()));
    private final CompletableFuture<String> caller = new CompletableFuture<>();
    private final KeyCommands commands = cluster.of(caller);

    @Test
    void get_readsAtTheSameMasterOnTheWay_waitsForThose() {
        getAll("a1", "a2", "a3", "a4");
        assertThat(redis.texts()).containsExactly("get a1", "get a2");

        redis.sent.get(0).answer().complete(new byte[0]);

        assertThat(redis.texts()).containsExactly("get a1", "get a2", "getAll [a3, a4]");
    }

    @Test
    void get_readsAtAnotherMasterOnTheWay_waitsForNone() {
        getAll("a1", "a2", "a3");

        commands.get("b1");

        assertThat(redis.texts()).containsExactly("get a1", "get a2", "get b1");
    }

    @Test
    void get_nobodyServesTheKey_goesAlone() {
        getAll("c1", "c2", "c3");

        assertThat(redis.texts()).containsExactly("get c1", "get c2", "get c3");
    }

    @Test
    void get_callerOfMoreThanTheReadGivesUp_isNotSent() {
        getAll("a1", "a2");
        CompletionStage<Integer> length = commands.get("a3").thenApply(value -> 3);

        caller.cancel(true);
        redis.sent.get(0).answer().complete(new byte[0]);

        assertThat(redis.texts()).containsExactly("get a1", "get a2");
        assertThat(length).isCompletedExceptionally();
    }

    @Test
    void commands_ofEachKindAtTheSameMaster_goTogether() {
        getAll("a1", "a2");

        commands.set("a", new byte[0], Duration.ofSeconds(1));
        commands.evalBytes("one", List.of("a"), List.of());
        commands.evalLong("two", List.of("a", "b"), List.of());
        commands.evalList("three", List.of("b"), List.of());
        assertThat(redis.texts()).containsExactly("get a1", "get a2", "evalList three [b] []");
        redis.sent.get(0).answer().complete(new byte[0]);

        assertThat(redis.texts().subList(3, redis.sent.size()))
                .containsExactlyInAnyOrder("set a", "evalBytes one [a] []", "evalLong two [a, b] []");
    }

    @Test
    void evalList_withoutKeys_goesAlone() {
        getAll("a1", "a2", "a3");

        commands.evalList("script", List.of(), List.of());

        assertThat(redis.texts()).containsExactly("get a1", "get a2", "evalList script [] []");
    }

    @Test
    void close_readsWait_failsThem() {
        getAll("a1", "a2");
        CompletionStage<byte @Nullable []> waiting = commands.get("a3");

        cluster.close();

        assertThat(waiting).isCompletedExceptionally();
    }

    private void getAll(String... keys) {
        for (String key : keys) {
            commands.get(key);
        }
    }
}
