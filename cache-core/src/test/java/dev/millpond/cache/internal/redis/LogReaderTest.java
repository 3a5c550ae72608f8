package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.spi.InvalidationLog.Check;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogReaderTest {

    private final FakeTicker ticker = new FakeTicker();
    private final LogRedis redis = new LogRedis();
    private final LogClient client = redis.client();
    private final RecordingFollower follower = new RecordingFollower();
    private final PendingInvalidations pending = new PendingInvalidations();
    private final LogReader reader = new LogReader(client, follower, ticker, pending::isEmpty);

    private LogRecord append(String... names) {
        return redis.appendElsewhere(names);
    }

    /** Brings the follower to the present and forgets how. */
    private void begin() {
        reader.catchUp();
        follower.events.clear();
    }

    @Test
    void apply_nextRecord_isApplied() {
        begin();

        assertThat(reader.apply(append("t:a", "t:b"))).isTrue();

        assertThat(follower.events).containsExactly("apply 1 [t:a, t:b]");
    }

    @Test
    void apply_recordAgain_isKnownAlready() {
        begin();
        LogRecord record = append("t:a");
        reader.apply(record);

        assertThat(reader.apply(record)).isTrue();

        assertThat(follower.events).containsExactly("apply 1 [t:a]");
    }

    @Test
    void apply_afterAGap_isRefused() {
        begin();
        append("t:missed");

        assertThat(reader.apply(append("t:a"))).isFalse();

        assertThat(follower.events).isEmpty();
    }

    @Test
    void apply_recordOfAnotherEpoch_isRefused() {
        begin();

        assertThat(reader.apply(new LogRecord("another", 1, List.of("t:a")))).isFalse();

        assertThat(follower.events).isEmpty();
    }

    @Test
    void append_nextRecord_isAppliedWithoutAPoll() {
        begin();
        redis.polls.set(0);

        assertThat(reader.append(List.of("t:a"))).isEqualTo(1);

        assertThat(follower.events).containsExactly("apply 1 [t:a]");
        assertThat(redis.polls).hasValue(0);
    }

    @Test
    void append_behind_catchesUpFirst() {
        begin();
        append("t:missed");

        assertThat(reader.append(List.of("t:own"))).isEqualTo(2);

        assertThat(follower.events).containsExactly("apply 1 [t:missed]", "apply 2 [t:own]", "confirm 0");
    }

    /** Its number is below what the follower has applied, and would pass for known already. */
    @Test
    void append_logRewound_beginsANewEpoch() {
        begin();
        reader.append(List.of("t:a"));
        reader.append(List.of("t:b"));
        redis.rewind(2);
        follower.events.clear();

        assertThat(reader.append(List.of("t:own"))).isEqualTo(1);

        assertThat(follower.events).containsExactly("reset 0", "apply 1 [t:own]", "confirm 0");
    }

    @Test
    void append_everythingLost_followsTheNewEpoch() {
        begin();
        redis.loseAll();

        assertThat(reader.append(List.of("t:own"))).isEqualTo(1);

        assertThat(follower.events).containsExactly("reset 0", "apply 1 [t:own]", "confirm 0");
    }

    @Test
    void catchUp_logRewound_followsTheNewEpoch() {
        begin();
        reader.append(List.of("t:a"));
        redis.rewind(1);
        follower.events.clear();

        reader.catchUp();

        assertThat(follower.events).containsExactly("reset 0", "confirm 0");
    }

    @Test
    void catchUp_newFollower_takesEpochAndRecordsOver() {
        append("t:a");
        append("t:b");

        reader.catchUp();

        assertThat(follower.events).containsExactly("reset 0", "apply 1 [t:a]", "apply 2 [t:b]", "confirm 0");
    }

    @Test
    void catchUp_newFollowerOfATrimmedLog_beginsAtItsFloor() {
        for (int i = 1; i <= 5; i++) {
            append("t:" + i);
        }
        redis.trim(3);

        reader.catchUp();

        assertThat(follower.events).containsExactly("reset 3", "apply 4 [t:4]", "apply 5 [t:5]", "confirm 0");
    }

    @Test
    void catchUp_nothingNew_confirmsTheMomentItAsked() {
        begin();
        ticker.advance(Duration.ofNanos(7));
        redis.beforePoll = () -> ticker.advance(Duration.ofNanos(100));

        reader.catchUp();

        assertThat(follower.events).containsExactly("confirm 7");
    }

    @Test
    void catchUp_missedRecords_appliesThemFirst() {
        begin();
        append("t:a");
        append("t:b");

        reader.catchUp();

        assertThat(follower.events).containsExactly("apply 1 [t:a]", "apply 2 [t:b]", "confirm 0");
    }

    @Test
    void catchUp_moreThanOnePage_asksUntilComplete() {
        begin();
        for (int i = 0; i < 2_500; i++) {
            append("t:" + i);
        }
        redis.polls.set(0);

        reader.catchUp();

        assertThat(redis.polls).hasValue(3);
        assertThat(follower.applied()).isEqualTo(2_500);
        assertThat(follower.events).hasSize(2_501).endsWith("apply 2500 [t:2499]", "confirm 0");
    }

    @Test
    void catchUp_largeRecords_asksForPagesOfBoundedSize() {
        begin();
        String large = "t:" + "x".repeat(60_000);
        for (int i = 0; i < 10; i++) {
            append(large + i);
        }
        redis.polls.set(0);

        reader.catchUp();

        assertThat(redis.polls).hasValue(3);
        assertThat(follower.applied()).isEqualTo(10);
    }

    @Test
    void catchUp_logTrimmedBeyondTheFollower_forgetsEverythingBefore() {
        begin();
        for (int i = 1; i <= 5; i++) {
            append("t:" + i);
        }
        redis.trim(3);

        reader.catchUp();

        assertThat(follower.events).containsExactly("reset 3", "apply 4 [t:4]", "apply 5 [t:5]", "confirm 0");
    }

    @Test
    void catchUp_streamLost_forgetsEverything() {
        begin();
        append("t:a");
        append("t:b");
        redis.loseStream();

        reader.catchUp();

        assertThat(follower.events).containsExactly("reset 2", "confirm 0");
    }

    @Test
    void catchUp_everythingLost_followsTheNewEpoch() {
        begin();
        reader.apply(append("t:a"));
        String old = follower.epoch();
        redis.loseAll();

        reader.catchUp();

        assertThat(follower.events).containsExactly("apply 1 [t:a]", "reset 0", "confirm 0");
        assertThat(follower.epoch()).isNotEqualTo(old);
    }

    @Test
    void catchUp_lostAndBegunAgainByAnotherNode_followsTheNewEpoch() {
        begin();
        redis.loseAll();
        append("t:new");

        reader.catchUp();

        assertThat(follower.events).containsExactly("reset 0", "apply 1 [t:new]", "confirm 0");
    }

    @Test
    void catchUp_messagesOvertakeTheAnswer_appliesEachOnce() {
        begin();
        LogRecord first = append("t:a");
        redis.afterPoll = () -> {
            redis.afterPoll = () -> {};
            reader.apply(first);
            reader.apply(append("t:b"));
        };

        reader.catchUp();

        assertThat(follower.events).containsExactly("apply 1 [t:a]", "apply 2 [t:b]", "confirm 0");
    }

    @Test
    void catchUp_followerResetMeanwhile_asksAgain() {
        begin();
        redis.afterPoll = () -> {
            redis.afterPoll = () -> {};
            follower.reset("another", 9);
        };
        redis.polls.set(0);

        reader.catchUp();

        assertThat(redis.polls).hasValue(2);
        assertThat(follower.events).containsExactly("reset 9", "reset 0", "confirm 0");
    }

    @Test
    void catchUp_invalidationsPending_doesNotConfirm() {
        begin();
        pending.addAll(List.of(List.of("t:a")));

        reader.catchUp();

        assertThat(follower.events).isEmpty();
    }

    @Test
    void catchUp_pollFails_throwsAndConfirmsNothing() {
        begin();
        redis.available(false);

        assertThatThrownBy(reader::catchUp).isInstanceOf(RedisUnavailableException.class);

        assertThat(follower.events).isEmpty();
    }

    @Test
    void distrust_always_keepsTheInvalidationFirst() {
        begin();

        boolean first = reader.distrust(() -> pending.addAll(List.of(List.of("t:a"))));

        assertThat(first).isTrue();
        assertThat(follower.events).containsExactly("distrust");
    }

    /** The page was asked for before the invalidation was pending, so it cannot prove that it was applied. */
    @Test
    void catchUp_invalidationKeptAndSentMeanwhile_doesNotConfirm() {
        begin();
        append("t:other node");
        redis.afterPoll = () -> {
            redis.afterPoll = () -> {};
            append("t:other node");
            reader.distrust(() -> pending.addAll(List.of(List.of("t:own"))));
            pending.drain(names -> reader.apply(append("t:own")), client::startOver);
        };

        reader.catchUp();

        assertThat(follower.events).containsExactly("distrust", "apply 1 [t:other node]");
        reader.catchUp();
        assertThat(follower.events).endsWith("apply 2 [t:other node]", "apply 3 [t:own]", "confirm 0");
    }

    @Test
    void catchUp_pendingInvalidationSentMeanwhile_doesNotConfirm() {
        begin();
        append("t:other node");
        reader.distrust(() -> pending.addAll(List.of(List.of("t:own"))));
        redis.afterPoll = () -> {
            redis.afterPoll = () -> {};
            append("t:other node");
            pending.drain(names -> reader.apply(append("t:own")), client::startOver);
        };

        reader.catchUp();

        assertThat(follower.events).containsExactly("distrust", "apply 1 [t:other node]");
    }

    @Test
    void check_atTheEnd_passesWithoutAPoll() {
        begin();
        reader.append(List.of("t:a"));
        redis.polls.set(0);

        assertThat(reader.check().passed()).isTrue();

        assertThat(redis.polls).hasValue(0);
    }

    @Test
    void check_behind_catchesUp() {
        begin();
        append("t:missed");

        assertThat(reader.check().passed()).isTrue();

        assertThat(follower.events).containsExactly("apply 1 [t:missed]", "confirm 0");
    }

    @Test
    void check_recordAppendedAfterTheQuestion_neednotBeKnown() {
        begin();
        Check check = reader.check();
        append("t:later");
        redis.polls.set(0);

        assertThat(check.passed()).isTrue();

        assertThat(redis.polls).hasValue(0);
    }

    @Test
    void check_logRewound_beginsANewEpoch() {
        begin();
        reader.append(List.of("t:a"));
        redis.rewind(1);

        assertThat(reader.check().passed()).isTrue();

        assertThat(follower.events).anyMatch(event -> event.startsWith("reset"));
    }

    @Test
    void check_logLost_beginsANewEpoch() {
        begin();
        redis.loseAll();

        assertThat(reader.check().passed()).isTrue();

        assertThat(follower.events).anyMatch(event -> event.startsWith("reset"));
    }

    @Test
    void check_noAnswer_throws() {
        begin();
        redis.available(false);

        assertThatThrownBy(() -> reader.check().passed()).hasCauseInstanceOf(RedisUnavailableException.class);
    }

    @Test
    void lagAndGaps_messageAfterAGap_countItUntilCaughtUp() {
        begin();
        append("t:missed");
        append("t:missed too");

        reader.apply(append("t:a"));

        assertThat(reader.lag()).isEqualTo(3);
        assertThat(reader.gaps()).isEqualTo(1);
        reader.catchUp();
        assertThat(reader.lag()).isZero();
        assertThat(reader.gaps()).isEqualTo(1);
    }

    @Test
    void gaps_ownAnswerIsQuickerThanTheMessages_areNone() {
        begin();
        append("t:of another node");

        reader.append(List.of("t:own"));

        assertThat(reader.gaps()).isZero();
        assertThat(reader.lag()).isZero();
    }

    @Test
    void lag_newEpoch_isZero() {
        begin();
        append("t:a");
        append("t:b");
        reader.catchUp();
        redis.loseAll();

        reader.catchUp();

        assertThat(reader.lag()).isZero();
    }
}
