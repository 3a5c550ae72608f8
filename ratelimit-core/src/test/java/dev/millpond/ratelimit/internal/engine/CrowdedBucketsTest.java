package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CrowdedBucketsTest {

    private static final List<RateLimit> FREE = Tier.FREE.limits();
    private static final Take CLIENT = limited("client", 2);
    private static final Take ENDPOINT = new Take("endpoint", FREE);
    private static final BucketState FULL = BucketState.of(true, 12, 0, 0);
    private static final BucketState CROWDED =
            BucketState.of(true, 10, 6_000_000_000L, 0).withoutPlace();

    private final FakeTicker ticker = new FakeTicker();
    private final CrowdedBuckets crowded = new CrowdedBuckets(ticker);

    private static Take limited(String bucket, int most) {
        return new Take(bucket, FREE, Optional.of(InFlightLimit.of(most)));
    }

    private void ask() {
        crowded.ask(List.of(CLIENT)).answered(List.of(CROWDED));
    }

    private @Nullable List<BucketState> denial(Take take) {
        return crowded.denial(List.of(take), 1);
    }

    @Test
    void denial_afterADenial_isTheSameForATenthOfASecond() {
        ask();

        assertThat(denial(CLIENT)).containsExactly(CROWDED);
        assertThat(crowded.denial(List.of(ENDPOINT, CLIENT), 0)).containsExactly(FULL, CROWDED);
        ticker.advance(Duration.ofMillis(99));
        assertThat(denial(CLIENT)).isNotNull();
        ticker.advance(Duration.ofMillis(1));
        assertThat(denial(CLIENT)).isNull();
    }

    @Test
    void denial_slowAnswer_endsAsIfItHadComeAtOnce() {
        CrowdedBuckets.Question question = crowded.ask(List.of(CLIENT));
        ticker.advance(Duration.ofMillis(60));
        question.answered(List.of(CROWDED));
        ticker.advance(Duration.ofMillis(40));

        assertThat(denial(CLIENT)).isNull();
    }

    @Test
    void denial_nothingThatWasAsked_isUnknown() {
        ask();

        assertThat(denial(limited("other", 2))).isNull();
        assertThat(denial(limited("client", 3))).as("another limit").isNull();
        assertThat(denial(new Take("client", FREE))).as("needs no place").isNull();
        assertThat(crowded.denial(List.of(CLIENT), 11)).as("tokens lack too").isNull();
    }

    @Test
    void denial_severalBucketsAskedTogether_isWhatAllOfThemAnswered() {
        BucketState used = BucketState.of(true, 3, 1, 0);
        crowded.ask(List.of(ENDPOINT, CLIENT)).answered(List.of(used, CROWDED));

        assertThat(crowded.denial(List.of(ENDPOINT, CLIENT), 1)).containsExactly(used, CROWDED);
        assertThat(denial(CLIENT)).containsExactly(CROWDED);
        assertThat(denial(ENDPOINT)).isNull();
    }

    @Test
    void denial_otherBucketLackedTokens_isUnknown() {
        BucketState lacking = BucketState.of(false, 3, 1, 20_000_000_000L); // of a cost of 5
        crowded.ask(List.of(ENDPOINT, CLIENT)).answered(List.of(lacking, CROWDED));

        assertThat(crowded.denial(List.of(ENDPOINT, CLIENT), 1))
                .as("enough for a smaller cost")
                .isNull();
        assertThat(crowded.denial(List.of(ENDPOINT, CLIENT), 5)).isNull();
    }

    @Test
    void denial_otherBucketHasTooFewForTheCost_isUnknown() {
        BucketState six = BucketState.of(true, 6, 1, 0); // of a cost of 5
        crowded.ask(List.of(ENDPOINT, CLIENT)).answered(List.of(six, CROWDED));

        assertThat(crowded.denial(List.of(ENDPOINT, CLIENT), 6)).containsExactly(six, CROWDED);
        assertThat(crowded.denial(List.of(ENDPOINT, CLIENT), 8)).isNull();
        assertThat(crowded.denial(List.of(CLIENT), 8))
                .as("of that bucket alone")
                .containsExactly(CROWDED);
    }

    @Test
    void denial_costAboveTheCapacityOfABucketNotAskedAbout_isUnknown() {
        crowded.ask(List.of(CLIENT)).answered(List.of(CROWDED));
        Take small = new Take("small", List.of(RateLimit.perMinute(4)));

        assertThat(crowded.denial(List.of(CLIENT, small), 4)).isNotNull();
        assertThat(crowded.denial(List.of(CLIENT, small), 5)).isNull();
    }

    @Test
    void denial_admittedOrLackingTokens_isUnknown() {
        crowded.ask(List.of(CLIENT)).answered(List.of(FULL));
        assertThat(denial(CLIENT)).isNull();

        crowded.ask(List.of(CLIENT)).answered(List.of(BucketState.of(false, 0, 1, 1)));
        assertThat(denial(CLIENT)).isNull();
    }

    @Test
    void leaving_bucketIsRemembered_isUnknownAtOnce() {
        ask();

        crowded.leaving("client");

        assertThat(denial(CLIENT)).isNull();
    }

    @Test
    void leaving_whileAQuestionIsOnItsWay_doesNotRememberItsAnswer() {
        CrowdedBuckets.Question question = crowded.ask(List.of(CLIENT));
        crowded.leaving("client");
        crowded.left("client");

        question.answered(List.of(CROWDED));

        assertThat(denial(CLIENT)).isNull();
    }

    @Test
    void leaving_stillOnItsWayWhenAsked_remembersNothingUntilItIsOver() {
        crowded.leaving("client");
        ask();
        assertThat(denial(CLIENT)).isNull();

        CrowdedBuckets.Question question = crowded.ask(List.of(CLIENT));
        crowded.left("client");
        question.answered(List.of(CROWDED));
        assertThat(denial(CLIENT)).isNull();

        ask();
        assertThat(denial(CLIENT)).isNotNull();
    }
}
