package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingInvalidationsTest {

    private static final List<String> HALF = Collections.nCopies(PendingInvalidations.MOST_NAMES / 2, "t:x");

    private final PendingInvalidations pending = new PendingInvalidations();
    private final List<List<String>> sent = new ArrayList<>();
    private int newStarts;

    private void drain() {
        pending.drain(sent::add, () -> newStarts++);
    }

    private void overflow() {
        pending.addAll(List.of(HALF));
        pending.addAll(List.of(HALF));
        pending.addAll(List.of(List.of("t:one too many")));
    }

    private static RedisUnavailableException away() {
        return new RedisUnavailableException("away");
    }

    @Test
    void add_tellsWhetherItIsTheFirst() {
        assertThat(pending.isEmpty()).isTrue();
        assertThat(pending.addAll(List.of(List.of("t:a")))).isTrue();
        assertThat(pending.addAll(List.of(List.of("t:b")))).isFalse();
        assertThat(pending.isEmpty()).isFalse();

        drain();

        assertThat(pending.isEmpty()).isTrue();
        assertThat(pending.addAll(List.of(List.of("t:c")))).isTrue();
    }

    @Test
    void drain_nothingKept_sendsNothing() {
        drain();

        assertThat(sent).isEmpty();
        assertThat(newStarts).isZero();
    }

    @Test
    void drain_several_sendsTheOldestFirst() {
        pending.addAll(List.of(List.of("t:a", "t:b")));
        pending.addAll(List.of(List.of("t:c")));
        pending.addAll(List.of(List.of("t:a", "t:b")));

        drain();

        assertThat(sent).containsExactly(List.of("t:a", "t:b"), List.of("t:c"), List.of("t:a", "t:b"));
    }

    @Test
    void drain_senderFails_keepsThatAndTheRest() {
        pending.addAll(List.of(List.of("t:a")));
        pending.addAll(List.of(List.of("t:b")));
        pending.addAll(List.of(List.of("t:c")));

        assertThatThrownBy(() -> pending.drain(
                        names -> {
                            if (names.contains("t:b")) {
                                throw away();
                            }
                            sent.add(names);
                        },
                        () -> newStarts++))
                .isInstanceOf(RedisUnavailableException.class);
        assertThat(pending.isEmpty()).isFalse();
        drain();

        assertThat(sent).containsExactly(List.of("t:a"), List.of("t:b"), List.of("t:c"));
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void drain_addedMeanwhile_sendsThatToo() {
        pending.addAll(List.of(List.of("t:a")));

        pending.drain(
                names -> {
                    sent.add(names);
                    if (sent.size() == 1) {
                        pending.addAll(List.of(List.of("t:b")));
                    }
                },
                () -> newStarts++);

        assertThat(sent).containsExactly(List.of("t:a"), List.of("t:b"));
        assertThat(pending.isEmpty()).isTrue();
    }

    /** Closing drains once more, while the poller may be at it: what it kept since must not pass for sent. */
    @Test
    void drain_whileAnotherThreadDrains_sendsTheSameNamesKeptAgain() {
        List<String> later = new ArrayList<>(List.of("t:a"));
        pending.addAll(List.of(List.of("t:a")));

        pending.drain(
                names -> {
                    sent.add(names);
                    if (sent.size() == 1) {
                        drain();
                        pending.addAll(List.of(later));
                    }
                },
                () -> newStarts++);

        assertThat(sent).hasSize(3);
        assertThat(sent.get(2)).isSameAs(later);
        assertThat(pending.isEmpty()).isTrue();
        assertThat(pending.size()).isZero();
    }

    @Test
    void size_isTheNumberOfNamesKept() {
        pending.addAll(List.of(List.of("t:a", "t:b")));
        pending.addAll(List.of(List.of("t:c")));
        assertThat(pending.size()).isEqualTo(3);

        drain();

        assertThat(pending.size()).isZero();
    }

    @Test
    void size_tooMany_countsWhatTheNewStartStandsFor() {
        overflow();
        pending.addAll(List.of(List.of("t:covered")));
        assertThat(pending.size()).isEqualTo(PendingInvalidations.MOST_NAMES + 2);

        drain();

        assertThat(pending.size()).isZero();
    }

    @Test
    void size_newStartFails_countsWhatIsAddedToo() {
        overflow();
        assertThatThrownBy(() -> pending.drain(sent::add, () -> {
                    throw away();
                }))
                .isInstanceOf(RedisUnavailableException.class);

        pending.addAll(List.of(List.of("t:a", "t:b")));

        assertThat(pending.size()).isEqualTo(PendingInvalidations.MOST_NAMES + 3);
        drain();
        assertThat(pending.size()).isZero();
    }

    @Test
    void size_tooManyWhileTheLogStartsOver_countsThose() {
        overflow();

        pending.drain(sent::add, this::overflow);

        assertThat(pending.size()).isEqualTo(PendingInvalidations.MOST_NAMES + 1);
        drain();
        assertThat(pending.size()).isZero();
    }

    @Test
    void drain_asManyAsFit_sendsThemAll() {
        pending.addAll(List.of(HALF));
        pending.addAll(List.of(HALF));

        drain();

        assertThat(sent).hasSize(2);
        assertThat(newStarts).isZero();
    }

    @Test
    void drain_tooMany_startsOverInstead() {
        overflow();
        pending.addAll(List.of(List.of("t:covered")));
        assertThat(pending.isEmpty()).isFalse();

        drain();

        assertThat(newStarts).isEqualTo(1);
        assertThat(sent).isEmpty();
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void drain_afterSending_hasRoomAgain() {
        pending.addAll(List.of(HALF));
        pending.addAll(List.of(HALF));
        drain();
        pending.addAll(List.of(HALF));
        pending.addAll(List.of(HALF));

        drain();

        assertThat(sent).hasSize(4);
        assertThat(newStarts).isZero();
    }

    @Test
    void drain_newStartFails_triesItAgain() {
        overflow();
        assertThatThrownBy(() -> pending.drain(sent::add, () -> {
                    throw away();
                }))
                .isInstanceOf(RedisUnavailableException.class);
        assertThat(pending.isEmpty()).isFalse();

        drain();

        assertThat(newStarts).isEqualTo(1);
        assertThat(pending.isEmpty()).isTrue();
    }

    /** What is added while the log starts over may belong to a change after the new start. */
    @Test
    void drain_addedWhileTheLogStartsOver_isSentAfterIt() {
        overflow();

        pending.drain(sent::add, () -> {
            newStarts++;
            assertThat(pending.isEmpty()).isFalse();
            pending.addAll(List.of(List.of("t:meanwhile")));
        });

        assertThat(newStarts).isEqualTo(1);
        assertThat(sent).containsExactly(List.of("t:meanwhile"));
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void drain_tooManyWhileTheLogStartsOver_startsOverOnceMore() {
        overflow();

        pending.drain(sent::add, () -> {
            newStarts++;
            overflow();
        });
        assertThat(pending.isEmpty()).isFalse();
        drain();

        assertThat(newStarts).isEqualTo(2);
        assertThat(pending.isEmpty()).isTrue();
    }
}
