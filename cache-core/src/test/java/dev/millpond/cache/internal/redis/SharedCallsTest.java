package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedCallsTest {

    private final RedisUnavailableException away = new RedisUnavailableException("Redis gave no answer within 300 ms.");

    private final List<List<String>> sent = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<List<String>>> answers = new CopyOnWriteArrayList<>();
    private final SharedCalls<List<String>> calls = new SharedCalls<>(this::send);

    /** Answers with the names, once the test says so. */
    private CompletionStage<List<String>> send(List<String> names) {
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        sent.add(names);
        answers.add(answer);
        return answer;
    }

    private void answer(int call) {
        answers.get(call).complete(sent.get(call));
    }

    private List<CompletableFuture<List<String>>> begin(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> calls.begin(List.of("n" + i)))
                .toList();
    }

    private void beginOne(String... names) {
        var unused = calls.begin(List.of(names));
    }

    @Test
    void begin_fewAtOnce_eachIsSentAlone() {
        begin(SharedCalls.MOST_UNDER_WAY);

        assertThat(sent).containsExactly(List.of("n0"), List.of("n1"), List.of("n2"), List.of("n3"));
    }

    @Test
    void begin_threeHundredAtOnce_areSentInAFewCallsAndAnsweredByTheirOwn() {
        List<CompletableFuture<List<String>>> begun = begin(300);
        assertThat(sent).hasSize(SharedCalls.MOST_UNDER_WAY);

        answer(0);

        assertThat(begun.get(0)).isCompletedWithValue(List.of("n0"));
        assertThat(begun.subList(1, 300)).allSatisfy(each -> assertThat(each).isNotDone());
        assertThat(sent).hasSize(SharedCalls.MOST_UNDER_WAY + 1);
        answer(4);
        for (int i = 4; i < 300; i++) {
            assertThat(begun.get(i).join()).contains("n" + i).isEqualTo(sent.get(4));
        }
        assertThat(begun.get(1)).isNotDone();
    }

    @Test
    void begin_nameThatIsItsCallersAlone_isInNoCallTwice() {
        begin(SharedCalls.MOST_UNDER_WAY);
        CompletableFuture<List<String>> first = calls.begin(List.of("own", "shared"), "own"::equals);
        CompletableFuture<List<String>> second = calls.begin(List.of("own", "shared"), "own"::equals);
        CompletableFuture<List<String>> other = calls.begin(List.of("another", "shared"), "another"::equals);

        answer(0);
        answer(1);

        assertThat(sent).endsWith(List.of("own", "shared"), List.of("own", "shared", "another"));
        answer(4);
        assertThat(first).isCompleted();
        assertThat(List.of(second, other)).noneMatch(CompletableFuture::isDone);
    }

    /** What was sent before a caller came may have been carried out before it, and proves nothing to it. */
    @Test
    void begin_whatIsAskedForIsUnderWay_isSentAgain() {
        begin(SharedCalls.MOST_UNDER_WAY);
        CompletableFuture<List<String>> again = calls.begin(List.of("n1"));

        answer(1);

        assertThat(again).isNotDone();
        answer(4);
        assertThat(again).isCompletedWithValue(List.of("n1"));
    }

    @Test
    void begin_sameNamesWait_areSentOnce() {
        begin(SharedCalls.MOST_UNDER_WAY);
        beginOne("a", "c");
        beginOne("b", "c");

        answer(2);

        assertThat(sent).last().isEqualTo(List.of("a", "c", "b"));
    }

    @Test
    void begin_moreNamesThanOneCallTakes_areSentInTurn() {
        List<CompletableFuture<List<String>>> begun = begin(SharedCalls.MOST_UNDER_WAY + Parts.MOST_AT_ONCE + 1);

        answer(0);
        answer(1);

        assertThat(sent.get(4)).hasSize(Parts.MOST_AT_ONCE);
        assertThat(sent.get(5)).containsExactly("n504");
        answer(5);
        assertThat(begun.get(504)).isCompletedWithValue(List.of("n504"));
        assertThat(begun.get(503)).isNotDone();
    }

    @Test
    void begin_redisDoesNotAnswer_thoseThatWaitFailAtOnceAndLaterOnesAreSent() {
        List<CompletableFuture<List<String>>> begun = begin(20);

        answers.get(0).completeExceptionally(away);

        assertThat(sent).hasSize(SharedCalls.MOST_UNDER_WAY);
        assertThat(begun.subList(4, 20))
                .allSatisfy(each -> assertThatThrownBy(each::join).hasCause(away));
        assertThat(begun.get(1)).isNotDone();
        beginOne("later");
        assertThat(sent).last().isEqualTo(List.of("later"));
    }

    @Test
    void begin_redisRefusesACall_failsThatOneAlone() {
        List<CompletableFuture<List<String>>> begun = begin(20);

        answers.get(0).completeExceptionally(new IllegalStateException("refused"));
        answer(4);

        assertThatThrownBy(begun.get(0)::join).hasRootCauseMessage("refused");
        assertThat(begun.subList(4, 20)).allSatisfy(each -> assertThat(each).isCompleted());
    }

    @Test
    void begin_callCannotBeSent_failsAndGivesItsPlaceBack() {
        SharedCalls<String> broken = new SharedCalls<>(names -> {
            throw new IllegalStateException("not sent");
        });

        for (int i = 0; i < 3 * SharedCalls.MOST_UNDER_WAY; i++) {
            assertThatThrownBy(broken.begin(List.of("a"))::join).hasRootCauseMessage("not sent");
        }
    }

    @Test
    void begin_manyThreads_eachIsAnsweredByACallWithItsNames() throws Exception {
        ExecutorService redis = Executors.newFixedThreadPool(2);
        ExecutorService callers = Executors.newFixedThreadPool(50);
        SharedCalls<List<String>> shared =
                new SharedCalls<>(names -> CompletableFuture.supplyAsync(() -> names, redis));
        try {
            List<Future<List<String>>> done = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                String name = "n" + i;
                done.add(callers.submit(() -> shared.begin(List.of(name)).join()));
            }
            for (int i = 0; i < 5_000; i++) {
                assertThat(done.get(i).get()).contains("n" + i);
            }
        } finally {
            callers.shutdown();
            redis.shutdown();
        }
    }
}
