package dev.millpond.ratelimit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.Tier;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TierLookupTest {

    private final FakeTicker ticker = new FakeTicker();
    private final AtomicInteger calls = new AtomicInteger();
    private Optional<Tier> answer = Optional.of(Tier.PRO);
    private boolean broken;

    private final TierLookup tiers = new TierLookup(this::resolve, ticker);

    private Optional<Tier> resolve(String apiKey) {
        calls.incrementAndGet();
        if (broken) {
            throw new IllegalStateException("no connection for " + apiKey);
        }
        return answer;
    }

    private final BucketOwner owner = owner("digest");

    private static BucketOwner owner(String digest) {
        return new BucketOwner(new BucketNames("shop", "sixteen-letters!".getBytes(UTF_8)), digest);
    }

    private Optional<Tier> look() {
        return look(tiers);
    }

    private Optional<Tier> look(TierLookup lookup) {
        return lookup.tierOf("key-42", owner, ticker.read());
    }

    @Test
    void tierOf_knownKey_isAskedForOnceIn30Seconds() {
        assertThat(look()).contains(Tier.PRO);
        answer = Optional.of(Tier.FREE);
        ticker.advance(Duration.ofSeconds(29));
        assertThat(look()).contains(Tier.PRO);
        assertThat(calls).hasValue(1);

        ticker.advance(Duration.ofSeconds(1));
        assertThat(look()).contains(Tier.FREE);
        assertThat(calls).hasValue(2);
    }

    @Test
    void tierOf_unknownKey_isAskedForOnceIn5Seconds() {
        answer = Optional.empty();
        assertThat(look()).isEmpty();
        answer = Optional.of(Tier.PRO);
        ticker.advance(Duration.ofMillis(4_999));
        assertThat(look()).isEmpty();
        assertThat(calls).hasValue(1);

        ticker.advance(Duration.ofMillis(1));
        assertThat(look()).contains(Tier.PRO);
    }

    @Test
    void tierOf_revokedKey_isUnknownAfter30Seconds() {
        look();
        answer = Optional.empty();
        ticker.advance(Duration.ofSeconds(30));

        assertThat(look()).isEmpty();
    }

    @Test
    void remembers_keyLookedUp_untilTheOwnerAndTheAnswersForget() {
        assertThat(tiers.remembers(owner, ticker.read())).isFalse();
        look();

        assertThat(tiers.remembers(owner, ticker.read())).isTrue();
        assertThat(tiers.remembers(owner("digest"), ticker.read())).isTrue();
        assertThat(tiers.remembers(owner("another"), ticker.read())).isFalse();
    }

    @Test
    void tierOf_answerPushedOutAndResolverThrows_keepsTheTierOfTheOwner() {
        owner.remember(TierAnswer.resolved(answer, ticker.read()), 0);
        broken = true;
        ticker.advance(Duration.ofMinutes(59));
        assertThat(tiers.remembers(owner, ticker.read())).isTrue();
        assertThat(look()).contains(Tier.PRO);

        ticker.advance(Duration.ofMinutes(1));
        assertThat(look()).isEmpty();
    }

    @Test
    void isUnknown_nobodyHasTheKey_isAskedForOnceWithTheTier() {
        answer = Optional.empty();

        assertThat(tiers.isUnknown("key-42", owner, ticker.read())).isTrue();
        assertThat(look()).isEmpty();
        assertThat(calls).hasValue(1);
    }

    /** While the answer was on its way to the owner, somebody began to doubt it. */
    @Test
    void remembered_answerFromBeforeADoubt_isNot() {
        owner.remember(TierAnswer.resolved(answer, ticker.read()), 1);

        assertThat(owner.remembered(1)).isNotNull();
        assertThat(owner.remembered(2)).isNull();
    }

    @Test
    void forget_knownKey_isAskedForAnew() {
        look();
        answer = Optional.of(Tier.FREE);
        tiers.forget("digest of somebody else");
        assertThat(look()).contains(Tier.PRO);

        tiers.forget("digest");
        assertThat(look()).contains(Tier.FREE);
        answer = Optional.empty();
        tiers.forgetAll();
        assertThat(look()).isEmpty();
        assertThat(calls).hasValue(3);
    }

    @Test
    void forget_resolverThrowsThen_keepsTheTierThatItGaveBefore() {
        look();
        broken = true;

        tiers.forget("digest");

        assertThat(look()).contains(Tier.PRO);
        assertThat(calls).hasValue(2);
    }

    @Test
    void forget_whileTheResolverIsBeingAsked_asksAgain() {
        TierLookup[] lookup = new TierLookup[1];
        lookup[0] = new TierLookup(
                key -> {
                    if (calls.incrementAndGet() == 1) {
                        lookup[0].forget("digest"); // the plan changes just after it was read
                        return Optional.of(Tier.FREE);
                    }
                    return Optional.of(Tier.PRO);
                },
                ticker);

        assertThat(look(lookup[0])).contains(Tier.FREE);
        assertThat(look(lookup[0])).contains(Tier.PRO);
    }

    @Test
    void tierOf_resolverThrows_keepsTheTierForOneHourAndAsksOncePerSecond() {
        look();
        broken = true;
        ticker.advance(Duration.ofMinutes(30));
        assertThat(look()).contains(Tier.PRO);
        assertThat(look()).contains(Tier.PRO);
        assertThat(calls).hasValue(2);

        ticker.advance(Duration.ofSeconds(1));
        look();
        assertThat(calls).hasValue(3);
        ticker.advance(Duration.ofMinutes(30));
        assertThat(look()).isEmpty();
    }

    @Test
    void tierOf_resolverThrowsForANewKey_isUnknownForOneSecond() {
        broken = true;
        assertThat(look()).isEmpty();
        broken = false;
        assertThat(look()).isEmpty();
        ticker.advance(Duration.ofSeconds(1));

        assertThat(look()).contains(Tier.PRO);
    }

    @Test
    void tierOf_resolverThrows_isLoggedOncePerMinuteWithoutTheKey() {
        broken = true;
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 61; i++) {
                look();
                ticker.advance(Duration.ofSeconds(1));
            }
            assertThat(log.warnings())
                    .hasSize(2)
                    .first()
                    .isEqualTo("The tier resolver failed with java.lang.IllegalStateException; its message is left out,"
                            + " it may hold an API key. Keys that it resolved in the last hour keep their tier, all"
                            + " others count as unknown. Logged once per minute.");
            assertThat(log.everything()).doesNotContain("key-42");
        }
    }

    @Test
    void tierOf_resolverThrowsAnError_passesItOnAndAsksAgain() {
        AtomicInteger attempts = new AtomicInteger();
        TierLookup failing = new TierLookup(
                key -> {
                    attempts.incrementAndGet();
                    throw new AssertionError("broken");
                },
                ticker);

        assertThatThrownBy(() -> look(failing)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> look(failing)).isInstanceOf(AssertionError.class);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void tierOf_manyThreadsWithOneNewKey_askOnce() throws Exception {
        int callers = 8;
        CountDownLatch allHere = new CountDownLatch(callers);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        TierLookup slow = new TierLookup(
                key -> {
                    calls.incrementAndGet();
                    await(mayAnswer);
                    return answer;
                },
                ticker);
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            var tiersSeen = IntStream.range(0, callers)
                    .mapToObj(i -> threads.submit(() -> {
                        allHere.countDown();
                        return look(slow);
                    }))
                    .toList();
            allHere.await();
            mayAnswer.countDown();
            for (Future<Optional<Tier>> tier : tiersSeen) {
                assertThat(tier.get()).contains(Tier.PRO);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void tierOf_hundredThousandRandomKeys_keepsABoundedNumberOfAnswers() {
        answer = Optional.empty();
        for (int i = 0; i < 100_000; i++) {
            tiers.tierOf("key" + i, owner("digest" + i), ticker.read());
        }

        assertThat(tiers.size()).isLessThanOrEqualTo(TierLookup.MAXIMUM_ANSWERS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
