package dev.millpond.cache.internal;

import static dev.millpond.cache.internal.Fixtures.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SingleFlightTest {

    private static final String IDENTITY = Names.entry(Fixtures.CACHE, "a");
    private static final String TAG = "t:x";

    private final FakeTicker ticker = new FakeTicker();
    private final TagTable table = Fixtures.table(ticker);
    private final SingleFlight<String, String> flights =
            new SingleFlight<>(Fixtures.CACHE, table, null, Duration.ofMinutes(1));
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger ownReads = new AtomicInteger();

    @AfterEach
    void stop() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    /** As code of other languages throws, or of Java by a trick. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> Answer<String> throwUndeclared() throws E {
        throw (E) new IOException("undeclared");
    }

    private Request<String> request() {
        return Fixtures.request("a", table.stamp());
    }

    private Flight<String> lead() {
        return Objects.requireNonNull(flights.tryLead(request()), "somebody else is under way");
    }

    /** Reads as a caller does that finds a value of its own. */
    private Answer<String> ownRead(Request<String> attempt) {
        ownReads.incrementAndGet();
        return answer("own", attempt.stamp(), IDENTITY);
    }

    @Test
    void share_readThrowsWhatItDoesNotDeclare_leavesNoFlightBehind() {
        assertThatThrownBy(() -> flights.share(request(), attempt -> SingleFlightTest.throwUndeclared()))
                .isInstanceOf(IOException.class);

        assertThat(flights.tryLead(request())).isNotNull();
    }

    @Test
    void takeOver_readThrowsWhatItDoesNotDeclare_endsTheFlight() {
        Flight<String> flight = lead();

        flights.takeOver("a", flight, () -> SingleFlightTest.throwUndeclared());

        assertThat(flight.isDone()).isTrue();
    }

    /** Returns the read of a caller that has something to answer while another one reads. */
    private SingleFlight.Read<String, String> orMeanwhile(Answer<String> stale) {
        return new SingleFlight.Read<>() {
            @Override
            public Answer<String> now(Request<String> attempt) {
                return ownRead(attempt);
            }

            @Override
            public Answer<String> meanwhile(Request<String> attempt, Flight<String> flight) {
                return stale;
            }
        };
    }

    /** Begins a caller on a thread of its own and waits until it waits for the flight under way. */
    private FutureTask<Answer<String>> joining(SingleFlight<String, String> joined) {
        Request<String> request = request();
        FutureTask<Answer<String>> task = new FutureTask<>(() -> joined.share(request, this::ownRead));
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || task.isDone());
        return task;
    }

    @Test
    void share_alone_readsAndLeavesNothingBehind() {
        Answer<String> first = flights.share(request(), this::ownRead);
        Answer<String> second = flights.share(request(), this::ownRead);

        assertThat(first.joined()).isFalse();
        assertThat(second.joined()).isFalse();
        assertThat(ownReads).hasValue(2);
    }

    @Test
    void share_manyCallers_areAnsweredByOneRead() throws Exception {
        Flight<String> flight = lead();
        List<FutureTask<Answer<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            callers.add(joining(flights));
        }

        flights.land("a", flight, answer("shared", table.stamp(), IDENTITY));

        for (FutureTask<Answer<String>> caller : callers) {
            assertThat(caller.get().entry().value()).isEqualTo("shared");
            assertThat(caller.get().joined()).isTrue();
        }
        assertThat(ownReads).hasValue(0);
    }

    @Test
    void share_otherKeyUnderWay_readsItself() {
        lead();

        Answer<String> answer = flights.share(Fixtures.request("b", table.stamp()), this::ownRead);

        assertThat(answer.joined()).isFalse();
        assertThat(ownReads).hasValue(1);
    }

    @Test
    void share_readFails_throwsAndLeavesNothingBehind() {
        CacheLoadException failure = new CacheLoadException("failed", new IOException());

        assertThatThrownBy(() -> flights.share(request(), attempt -> {
                    throw failure;
                }))
                .isSameAs(failure);

        assertThat(flights.share(request(), this::ownRead).entry().value()).isEqualTo("own");
    }

    @Test
    void share_joinedReadFails_sharesTheFailureWithoutAnotherRead() {
        Flight<String> flight = lead();
        List<FutureTask<Answer<String>>> callers = List.of(joining(flights), joining(flights));
        CacheLoadException failure = new CacheLoadException("failed", new IOException());

        flights.fail("a", flight, failure);

        for (FutureTask<Answer<String>> caller : callers) {
            assertThatThrownBy(caller::get).cause().isSameAs(failure);
        }
        assertThat(ownReads).hasValue(0);
    }

    @Test
    void share_joinedReadFailsWithAnError_throwsTheError() {
        Flight<String> flight = lead();
        FutureTask<Answer<String>> caller = joining(flights);
        Error failure = new StackOverflowError();

        flights.fail("a", flight, failure);

        assertThatThrownBy(caller::get).cause().isSameAs(failure);
    }

    @Test
    void share_joinedReadFailsWithACheckedException_wrapsIt() {
        Flight<String> flight = lead();
        FutureTask<Answer<String>> caller = joining(flights);
        IOException failure = new IOException("down");

        flights.fail("a", flight, failure);

        assertThat(catchThrowable(caller::get))
                .cause()
                .isInstanceOf(CacheLoadException.class)
                .hasMessage("The load that this read joined failed.")
                .hasRootCause(failure);
    }

    @Test
    void share_ownKeyInvalidatedSinceTheFlightBegan_replacesIt() {
        lead();
        table.apply(1, List.of(IDENTITY));

        Answer<String> answer = flights.share(request(), this::ownRead);

        assertThat(answer.joined()).isFalse();
        assertThat(answer.entry().value()).isEqualTo("own");
    }

    @Test
    void land_replacedFlight_leavesItsSuccessor() throws Exception {
        Flight<String> overtaken = lead();
        table.apply(1, List.of(Names.cache(Fixtures.CACHE)));
        Flight<String> successor = lead();
        FutureTask<Answer<String>> caller = joining(flights);

        flights.land("a", overtaken, answer("old", table.stamp(), IDENTITY));
        assertThat(flights.tryLead(request())).isNull();
        flights.land("a", successor, answer("new", table.stamp(), IDENTITY));

        assertThat(caller.get().entry().value()).isEqualTo("new");
    }

    @Test
    void share_tagInvalidatedMeanwhile_isAcceptedByEarlierCallersOnly() throws Exception {
        Flight<String> flight = lead();
        Stamp begun = table.stamp();
        FutureTask<Answer<String>> earlier = joining(flights);
        table.apply(1, List.of(TAG));
        FutureTask<Answer<String>> later = joining(flights);

        flights.land("a", flight, answer("old", begun, IDENTITY, TAG));

        assertThat(earlier.get().entry().value()).isEqualTo("old");
        assertThat(later.get().entry().value()).isEqualTo("own");
        assertThat(ownReads).hasValue(1);
    }

    @Test
    void share_otherTagInvalidatedMeanwhile_isAcceptedByLaterCallersToo() throws Exception {
        Flight<String> flight = lead();
        Stamp begun = table.stamp();
        table.apply(1, List.of("t:another"));
        FutureTask<Answer<String>> later = joining(flights);

        flights.land("a", flight, answer("shared", begun, IDENTITY, TAG));

        assertThat(later.get().entry().value()).isEqualTo("shared");
    }

    @Test
    void share_distrustedSinceTheFlightBegan_replacesIt() {
        lead();
        table.distrust();

        assertThat(flights.share(request(), this::ownRead).joined()).isFalse();
    }

    @Test
    void share_resultNotAccepted_readsWithAFreshStamp() throws Exception {
        Flight<String> flight = lead();
        Stamp begun = table.stamp();
        table.apply(1, List.of(TAG));
        FutureTask<Answer<String>> later = joining(flights);
        table.apply(2, List.of("t:another"));

        flights.land("a", flight, answer("old", begun, IDENTITY, TAG));

        assertThat(later.get().entry().stamp().sequence()).isEqualTo(2);
    }

    @Test
    void share_patienceEnds_readsItself() {
        SingleFlight<String, String> impatient = new SingleFlight<>(Fixtures.CACHE, table, null, Duration.ofMillis(5));
        assertThat(impatient.tryLead(request())).isNotNull();

        Answer<String> answer = impatient.share(request(), this::ownRead);

        assertThat(answer.entry().value()).isEqualTo("own");
        assertThat(answer.joined()).isFalse();
    }

    @Test
    void share_patienceOfMoreThanALifetime_waits() throws Exception {
        SingleFlight<String, String> patient =
                new SingleFlight<>(Fixtures.CACHE, table, null, Duration.ofDays(6 * 36_500));
        Flight<String> flight = Objects.requireNonNull(patient.tryLead(request()));
        FutureTask<Answer<String>> caller = joining(patient);

        patient.land("a", flight, answer("shared", table.stamp(), IDENTITY));

        assertThat(caller.get().entry().value()).isEqualTo("shared");
    }

    @Test
    void share_interruptedWhileWaiting_failsAndStaysInterrupted() throws Exception {
        lead();
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            assertThatThrownBy(() -> flights.share(request(), this::ownRead))
                    .isInstanceOf(CacheLoadException.class)
                    .hasMessage("The read was interrupted while it waited for another caller's load.");
            return Thread.interrupted();
        });
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        thread.interrupt();

        assertThat(task.get()).isTrue();
        assertThat(ownReads).hasValue(0);
        assertThat(flights.tryLead(request())).isNull();
    }

    @Test
    void share_joinedReadWasInterrupted_readsItself() throws Exception {
        Flight<String> flight = lead();
        FutureTask<Answer<String>> caller = joining(flights);

        flights.fail("a", flight, new CacheLoadException("failed", new InterruptedException()));

        assertThat(caller.get().entry().value()).isEqualTo("own");
    }

    @Test
    void share_notTrustedSinceTheFlightBegan_joinsItWithinTheBoundOnly() {
        lead();
        ticker.advance(Fixtures.BOUND.minusNanos(1));
        assertThat(flights.tryLead(request())).isNull();

        ticker.advance(Duration.ofNanos(1));

        assertThat(flights.tryLead(request())).isNotNull();
    }

    /** It may answer from what the node knew when it began, which was almost as old as the bound already. */
    @Test
    void tryLead_notTrustedSinceAYoungFlightBegan_isGranted() {
        ticker.advance(Fixtures.BOUND.minusMillis(100));
        lead();

        ticker.advance(Duration.ofMillis(100));

        assertThat(flights.tryLead(request())).isNotNull();
    }

    @Test
    void tryLead_notTrustedWhenTheFlightBegan_isRefusedWithinTheBound() {
        ticker.advance(Fixtures.BOUND);
        lead();
        ticker.advance(Fixtures.BOUND.minusNanos(1));
        assertThat(flights.tryLead(request())).isNull();

        ticker.advance(Duration.ofNanos(1));

        assertThat(flights.tryLead(request())).isNotNull();
    }

    @Test
    void share_trusted_joinsFlightsOfAnyAge() {
        lead();
        ticker.advance(Duration.ofMinutes(1));
        table.confirm(ticker.read());

        assertThat(flights.tryLead(request())).isNull();
    }

    @Test
    void tryLead_underWay_isRefusedUntilItLands() {
        Flight<String> first = lead();
        assertThat(flights.tryLead(request())).isNull();

        flights.land("a", first, answer("v", table.stamp(), IDENTITY));

        assertThat(flights.tryLead(request())).isNotNull();
    }

    @Test
    void tryLead_underWay_isRefusedUntilItFails() {
        Flight<String> first = lead();

        flights.fail("a", first, new IOException());

        assertThat(flights.tryLead(request())).isNotNull();
    }

    @Test
    void tryLead_ownKeyInvalidatedSince_isGranted() {
        lead();
        table.apply(1, List.of(IDENTITY));

        assertThat(flights.tryLead(request())).isNotNull();
    }

    @Test
    void share_somethingToAnswerMeanwhile_doesNotWait() {
        lead();
        Answer<String> stale = answer("stale", table.stamp(), IDENTITY);

        assertThat(flights.share(request(), orMeanwhile(stale))).isSameAs(stale);
        assertThat(ownReads).hasValue(0);
    }

    @Test
    void share_aloneWithSomethingToAnswerMeanwhile_readsAllTheSame() {
        Answer<String> stale = answer("stale", table.stamp(), IDENTITY);

        assertThat(flights.share(request(), orMeanwhile(stale)).entry().value()).isEqualTo("own");
    }

    @Test
    void share_strictAndTheLogDoesNotAnswer_isNotAcceptedFromAnEarlierFlight() throws Exception {
        SingleFlight<String, String> strict =
                new SingleFlight<>(Fixtures.CACHE, table, () -> () -> false, Duration.ofMinutes(1));
        Flight<String> flight = Objects.requireNonNull(strict.tryLead(request()));
        FutureTask<Answer<String>> caller = joining(strict);

        strict.land("a", flight, answer("early", table.stamp(), IDENTITY));

        assertThat(caller.get().entry().value()).isEqualTo("own");
    }

    /** Without the log callers cannot share an earlier read, but one read that begins after them serves them all. */
    @Test
    void share_strictAndTheLogDoesNotAnswer_isAcceptedFromAFlightThatBeganLater() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        SingleFlight<String, String> strict =
                new SingleFlight<>(Fixtures.CACHE, table, () -> () -> false, Duration.ofMinutes(1));
        Flight<String> flight = Objects.requireNonNull(strict.tryLead(request()));
        List<FutureTask<Answer<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FutureTask<Answer<String>> task = new FutureTask<>(() -> strict.share(request(), attempt -> {
                await().until(() -> goOn.getCount() == 0);
                return ownRead(attempt);
            }));
            Thread thread = new Thread(task);
            threads.add(thread);
            thread.start();
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            callers.add(task);
        }
        ticker.advance(Duration.ofNanos(1));

        strict.land("a", flight, answer("early", table.stamp(), IDENTITY));
        await().until(() -> callers.stream().noneMatch(FutureTask::isDone) && strict.tryLead(request()) == null);
        goOn.countDown();

        for (FutureTask<Answer<String>> caller : callers) {
            assertThat(caller.get().entry().value()).isEqualTo("own");
        }
        // Whoever the machine lets go on only after that read reads for itself.
        assertThat(ownReads.get()).isLessThan(callers.size());
    }

    @Test
    void share_strictAndTheLogTellsOfAnInvalidation_isNotAccepted() throws Exception {
        SingleFlight<String, String> strict = new SingleFlight<>(
                Fixtures.CACHE,
                table,
                () -> () -> {
                    table.apply(1, List.of(TAG));
                    return true;
                },
                Duration.ofMinutes(1));
        Stamp begun = table.stamp();
        Flight<String> flight = Objects.requireNonNull(strict.tryLead(request()));
        FutureTask<Answer<String>> caller = joining(strict);

        strict.land("a", flight, answer("old", begun, IDENTITY, TAG));

        assertThat(caller.get().entry().value()).isEqualTo("own");
    }

    /** The node was behind when the caller came, so the caller's own mark says nothing of the invalidation. */
    @Test
    void share_tagInvalidatedBetweenTheCallAndTheJoining_isNotAccepted() throws Exception {
        Flight<String> flight = lead();
        Stamp begun = table.stamp();
        Request<String> early = request();
        table.apply(1, List.of(TAG));
        FutureTask<Answer<String>> task = new FutureTask<>(() -> flights.share(early, this::ownRead));
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || task.isDone());

        flights.land("a", flight, answer("old", begun, IDENTITY, TAG));

        assertThat(task.get().entry().value()).isEqualTo("own");
    }
}
