package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.spi.KeyCommands;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisException;

@Timeout(30)
final class CallGroupTest {

    private final FakeTicker ticker = new FakeTicker();
    private final FakeCommands redis = new FakeCommands();
    private final CallCounts counts = new CallCounts();
    private final List<Runnable> looks = new ArrayList<>();
    private CallGroup group =
            new CallGroup(redis, () -> new MergedCommands(redis), Runnable::run, looks::add, counts, ticker);

    /** What was issued, in order. */
    private final List<Issued> issued = new ArrayList<>();

    /** A command as it was issued: alone or with others. */
    private record Issued(String name, KeyCommands on, CompletableFuture<String> answer) {}

    @Test
    void begin_roomOnTheWay_isIssuedAlone() {
        GroupedCall<String> call = begin("a");

        issued.get(0).answer.complete("1");

        assertThat(call.answer()).isCompletedWithValue("1");
        assertThat(issued.get(0).on).isSameAs(redis);
    }

    @Test
    void begin_twoOnTheWay_othersGoInOneBatchWhenOneIsAnswered() {
        beginTwoOnTheWay();
        List<GroupedCall<String>> waiting = List.of(begin("a"), begin("b"), begin("c"));
        assertThat(issued).hasSize(2);

        issued.get(0).answer.complete("0");

        assertThat(names()).containsExactly("first", "second", "a", "b", "c");
        assertThat(issued.get(2).on).isNotSameAs(redis);
        assertThat(issued.subList(2, 5)).extracting(Issued::on).containsOnly(issued.get(2).on);
        assertThat(counts.allGrouped()).isEqualTo(3);
        issued.get(4).answer.complete("3");
        assertThat(waiting.get(2).answer()).isCompletedWithValue("3");
        assertThat(waiting.get(0).answer()).isNotDone();
    }

    @Test
    void begin_oneWaits_isIssuedAlone() {
        beginTwoOnTheWay();
        begin("a");

        issued.get(1).answer.complete("0");

        assertThat(names()).containsExactly("first", "second", "a");
        assertThat(issued.get(2).on).isSameAs(redis);
    }

    @Test
    void begin_batchOnTheWay_nextGoesWhenAllOfItAreAnswered() {
        beginBatch("a", "b");
        begin("c");
        begin("d");

        issued.get(2).answer.complete("1");
        assertThat(names()).endsWith("a", "b");
        issued.get(3).answer.complete("2");

        assertThat(names()).endsWith("c", "d");
    }

    @Test
    void begin_nobodyWaitsForWhatIsOnItsWay_nextGoes() {
        List<GroupedCall<String>> calls = beginBatch("a", "b");
        begin("c");

        calls.get(0).answer().cancel(true);
        issued.get(3).answer.complete("2");

        assertThat(issued.get(2).answer).as("what the client was asked for").isCancelled();
        assertThat(names()).endsWith("c");
    }

    @Test
    void begin_manyWait_batchesHaveALimit() {
        beginTwoOnTheWay();
        IntStream.range(0, CallGroup.MOST_IN_A_BATCH + 2).forEach(i -> begin("call " + i));

        issued.get(0).answer.complete("0");
        issued.get(1).answer.complete("0");
        assertThat(issued).hasSize(2 + CallGroup.MOST_IN_A_BATCH);
        answer(2, CallGroup.MOST_IN_A_BATCH);

        assertThat(issued).hasSize(2 + CallGroup.MOST_IN_A_BATCH + 2);
    }

    @Test
    void begin_oneBatchOnTheWay_secondGoesWhenItIsHalfAsLarge() {
        beginBatch("a", "b", "c", "d");
        issued.get(1).answer.complete("0");

        begin("e");
        assertThat(names()).endsWith("c", "d");
        begin("f");
        assertThat(names()).endsWith("d", "e", "f");

        IntStream.range(0, 6).forEach(i -> begin("call " + i));
        assertThat(names()).endsWith("d", "e", "f");
    }

    @Test
    void begin_fewWaitBehindABatch_goWhenItIsAnswered() {
        beginBatch("a", "b", "c", "d");
        issued.get(1).answer.complete("0");
        begin("e");
        assertThat(names()).endsWith("c", "d");

        answer(2, 4);

        assertThat(names()).endsWith("d", "e");
    }

    @Test
    void begin_fewWaitBehindABatchThatIsNotAnswered_goAllTheSame() {
        beginBatch("a", "b", "c", "d", "e", "f");
        issued.get(1).answer.complete("0");
        ticker.advance(Duration.ofNanos(CallGroup.USUAL_NANOS).minusNanos(1));
        begin("g");
        assertThat(names()).endsWith("e", "f");

        ticker.advance(Duration.ofNanos(1));
        begin("h");

        assertThat(names()).endsWith("g", "h");
    }

    @Test
    void begin_fewWaitBehindABatchThatIsNotAnswered_goIfNobodyElseComes() {
        beginBatch("a", "b", "c", "d", "e", "f");
        issued.get(1).answer.complete("0");
        begin("g");
        begin("h");
        assertThat(looks).as("one for all").hasSize(1);

        ticker.advance(Duration.ofNanos(CallGroup.USUAL_NANOS).minusNanos(1));
        looks.remove(0).run();
        assertThat(names()).endsWith("e", "f");
        ticker.advance(Duration.ofNanos(1));
        looks.remove(0).run();

        assertThat(names()).endsWith("g", "h");
        assertThat(looks).isEmpty();
    }

    @Test
    void begin_whoWaitedIsGone_nobodyLooksAfterThemAnyMore() {
        beginTwoOnTheWay();
        begin("a");
        issued.get(0).answer.complete("0");
        assertThat(names()).endsWith("a");

        looks.remove(0).run();

        assertThat(looks).isEmpty();
        assertThat(issued).hasSize(3);
    }

    @Test
    void begin_nothingOnTheWayAnyMore_goesAtOnce() {
        beginBatch("a", "b");
        issued.get(1).answer.complete("0");
        issued.get(2).answer.complete("1");
        issued.get(3).answer.complete("2");

        begin("c");
        begin("d");

        assertThat(names()).endsWith("c", "d");
        assertThat(issued.subList(4, 6)).extracting(Issued::on).containsOnly(redis);
    }

    @Test
    void begin_oneOfABatchFails_theOthersAreAnswered() {
        List<GroupedCall<String>> calls = beginBatch("a", "b");
        RedisException failure = new RedisException("WRONGTYPE");

        issued.get(2).answer.completeExceptionally(failure);
        issued.get(3).answer.complete("2");

        assertFailed(calls.get(0), failure);
        assertThat(calls.get(1).answer()).isCompletedWithValue("2");
    }

    @Test
    void begin_commandReturnsNull_failsAndTheNextGoes() {
        GroupedCall<String> first = new GroupedCall<>(commands -> nothing());
        group.begin(first);
        group.begin(new GroupedCall<>(commands -> nothing()));
        begin("a");

        assertThatThrownBy(first.answer()::join).hasCauseInstanceOf(NullPointerException.class);
        assertThat(names()).containsExactly("a");
    }

    @SuppressWarnings("NullAway") // which is what the test is about
    private static CompletableFuture<String> nothing() {
        return null;
    }

    @Test
    void close_callsWait_failThem() {
        beginTwoOnTheWay();
        GroupedCall<String> waiting = begin("a");

        group.close();

        assertThatThrownBy(waiting.answer()::join).hasCauseInstanceOf(RedissonShutdownException.class);
        assertThat(names()).containsExactly("first", "second");
    }

    @Test
    void begin_commandThrows_failsAndTheNextGoes() {
        IllegalArgumentException failure = new IllegalArgumentException("bad");
        beginTwoOnTheWay();
        GroupedCall<String> throwing = new GroupedCall<>(commands -> {
            throw failure;
        });
        group.begin(throwing);
        begin("a");

        issued.get(0).answer.complete("0");

        assertFailed(throwing, failure);
        assertThat(names()).endsWith("a");
    }

    @Test
    void begin_givenUpWhileItWaits_isNeverIssued() {
        beginTwoOnTheWay();
        GroupedCall<String> givenUp = begin("a");
        begin("b");

        givenUp.answer().cancel(true);
        issued.get(0).answer.complete("0");

        assertThat(names()).containsExactly("first", "second", "b");
    }

    @Test
    void begin_allWhoWaitedHaveGivenUp_thereIsRoom() {
        beginTwoOnTheWay();
        begin("a").answer().cancel(true);
        issued.get(0).answer.complete("0");

        begin("b");

        assertThat(names()).containsExactly("first", "second", "b");
    }

    @Test
    void begin_callsThatFailAtOnce_doNotDeepenTheStack() {
        beginTwoOnTheWay();
        RedisException failure = new RedisException("refused");
        List<Long> depths = new ArrayList<>();
        List<CompletableFuture<Object>> calls = IntStream.range(0, 10 * CallGroup.MOST_IN_A_BATCH)
                .mapToObj(i -> new GroupedCall<>(commands -> {
                    depths.add(StackWalker.getInstance().walk(Stream::count));
                    return CompletableFuture.failedFuture(failure);
                }))
                .peek(group::begin)
                .map(GroupedCall::answer)
                .toList();

        issued.get(0).answer.complete("0");

        assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(depths).hasSameSizeAs(calls).containsOnly(depths.get(0));
    }

    @Test
    void begin_batchCannotBeMade_failsItsCallsAndGoesOn() {
        Supplier<Batch> broken = () -> {
            throw new IllegalStateException("broken");
        };
        CallGroup failing = new CallGroup(redis, broken, Runnable::run, looks::add, counts, ticker);
        List<GroupedCall<byte @Nullable []>> calls = Stream.of("one", "two", "three", "four")
                .map(key -> new GroupedCall<byte @Nullable []>(commands -> commands.get(key)))
                .toList();
        calls.forEach(failing::begin);

        redis.sent.get(0).answer().complete(new byte[0]);
        redis.sent.get(1).answer().complete(new byte[0]);

        assertThat(calls.subList(2, 4)).allMatch(call -> call.answer().isCompletedExceptionally());
    }

    @Test
    void begin_threadIsAtWork_whoComesMeanwhileGoesTogether() {
        List<Runnable> tasks = groupOnAThread();
        begin("a");
        begin("b");
        assertThat(issued).isEmpty();
        assertThat(tasks).as("one turn for both").hasSize(1);

        tasks.get(0).run();

        assertThat(names()).containsExactly("a", "b");
        assertThat(issued.get(0).on).isNotSameAs(redis).isSameAs(issued.get(1).on);
    }

    @Test
    void begin_moreThanABatchBeforeATurn_whoIsLeftIsLookedAfter() {
        List<Runnable> tasks = groupOnAThread();
        IntStream.range(0, CallGroup.MOST_IN_A_BATCH + 72).forEach(i -> begin("call " + i));
        tasks.remove(0).run();
        assertThat(issued).hasSize(CallGroup.MOST_IN_A_BATCH);
        assertThat(looks).hasSize(1);

        looks.remove(0).run();
        tasks.remove(0).run();

        assertThat(issued).hasSize(CallGroup.MOST_IN_A_BATCH + 72);
    }

    @Test
    void begin_afterATurnOfTheThread_hasATurnOfItsOwn() {
        List<Runnable> tasks = groupOnAThread();
        begin("a");
        tasks.get(0).run();

        begin("b");

        assertThat(tasks).hasSize(2);
        tasks.get(1).run();
        assertThat(names()).containsExactly("a", "b");
    }

    @Test
    void begin_mayNotGoYet_doesNotDisturbTheThread() {
        List<Runnable> tasks = groupOnAThread();
        begin("a");
        tasks.get(0).run();
        begin("b");
        tasks.get(1).run();

        begin("c");

        assertThat(tasks).hasSize(2);
        issued.get(0).answer.complete("1");
        assertThat(names()).containsExactly("a", "b", "c");
    }

    @Test
    void begin_givenUpBeforeItsTurn_isNeverIssued() {
        List<Runnable> tasks = groupOnAThread();
        begin("a").answer().cancel(true);

        tasks.get(0).run();
        begin("b");
        tasks.get(1).run();

        assertThat(names()).containsExactly("b");
    }

    @Test
    void begin_turnIsLost_anotherIsAskedForSoon() {
        List<Runnable> tasks = groupOnAThread();
        begin("a");
        tasks.clear();

        begin("b");
        assertThat(tasks).isEmpty();
        ticker.advance(Duration.ofNanos(CallGroup.USUAL_NANOS));
        begin("c");
        begin("d");
        assertThat(tasks).hasSize(1);
        tasks.get(0).run();

        assertThat(names()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void begin_threadIsShutDown_isIssuedAllTheSame() {
        group = new CallGroup(
                redis,
                () -> new MergedCommands(redis),
                task -> {
                    throw new RejectedExecutionException("shut down");
                },
                looks::add,
                counts,
                ticker);

        begin("a");
        begin("b");

        assertThat(names()).containsExactly("a", "b");
    }

    /** Returns the tasks that the thread was given. */
    private List<Runnable> groupOnAThread() {
        List<Runnable> tasks = new ArrayList<>();
        group = new CallGroup(redis, () -> new MergedCommands(redis), tasks::add, looks::add, counts, ticker);
        return tasks;
    }

    private void beginTwoOnTheWay() {
        begin("first");
        begin("second");
    }

    /** Begins calls that are on their way in one batch, beside one alone. */
    private List<GroupedCall<String>> beginBatch(String... names) {
        beginTwoOnTheWay();
        List<GroupedCall<String>> calls = Stream.of(names).map(this::begin).toList();
        issued.get(0).answer.complete("0");
        return calls;
    }

    private void answer(int first, int count) {
        issued.stream().skip(first).limit(count).toList().forEach(call -> call.answer.complete("0"));
    }

    private GroupedCall<String> begin(String name) {
        GroupedCall<String> call = new GroupedCall<>(commands -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            issued.add(new Issued(name, commands, answer));
            return answer;
        });
        group.begin(call);
        return call;
    }

    private List<String> names() {
        return issued.stream().map(Issued::name).toList();
    }

    private static void assertFailed(GroupedCall<?> call, Throwable failure) {
        assertThatThrownBy(call.answer()::join).hasCause(failure);
    }
}
