package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.JobState.Order;
import dev.millpond.runtime.internal.jobs.JobBook.OffsetOrder;
import dev.millpond.runtime.spi.UnreadableStateException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobTextTest {

    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final JobText TEXT = new JobText();

    /** What is stored is read by nodes of all versions: a change of it needs another format number. */
    private static final String STORED = """
            millpond-jobs 1 version 1795780800002
            warm-up:standings offset 15000 2026-11-27T12:00:00.001Z bob
            clean-up pause on 2026-11-27T12:00:00Z alice+%28on+call%29
            warm-up:standings pause on 2026-11-27T12:00:00Z %C3%89mile
            """;

    private static JobBook book() {
        return JobBook.EMPTY
                .pause("clean-up", new Order("alice (on call)", NOON))
                .pause("warm-up:standings", new Order("Émile", NOON))
                .offset("warm-up:standings", new OffsetOrder(15_000, new Order("bob", NOON.plusMillis(1))));
    }

    @Test
    void write_everything_isAsItWasStoredEver() {
        assertThat(TEXT.write(book())).isEqualTo(STORED);
    }

    @Test
    void read_everything_isWhatWasWritten() throws UnreadableStateException {
        assertThat(TEXT.read(STORED)).isEqualTo(book());
        assertThat(TEXT.read(TEXT.write(JobBook.EMPTY))).isEqualTo(JobBook.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "job teleport on 2026-11-27T12:00:00Z alice",
                "job pause sideways 2026-11-27T12:00:00Z alice",
                "job pause on 2026-11-27T12:00:00Z alice until 2027",
                "job pause on yesterday alice",
                "job pause on 2026-11-27T12:00:00Z a%0Ab",
                "job/1 pause on 2026-11-27T12:00:00Z alice",
                "job offset soon 2026-11-27T12:00:00Z alice",
                "job offset -1 2026-11-27T12:00:00Z alice"
            })
    void read_lineThatIsNotKnown_isKept(String line) throws UnreadableStateException {
        String stored = STORED + line + "\n";

        JobBook read = TEXT.read(stored);

        assertThat(read.unknown()).containsExactly(line);
        assertThat(TEXT.unknownLines(read)).isEqualTo(1);
        assertThat(TEXT.write(read).lines())
                .containsExactlyInAnyOrderElementsOf(stored.lines().toList());
    }

    @Test
    void read_otherFormat_isRefused() {
        assertThatThrownBy(() -> TEXT.read("millpond-jobs 2 version 5\n"))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessage("they have format 2, and this node knows format 1");
    }

    @Test
    void resume_whatIsNotPaused_isTheSame() {
        JobBook book = book();

        assertThat(book.resume("other", NOON)).isSameAs(book);
        assertThat(book.resetOffset("clean-up", NOON)).isSameAs(book);
        assertThat(book.pause("clean-up", new Order("bob", NOON))).isSameAs(book);
        assertThat(book.resume("clean-up", NOON).paused()).containsOnlyKeys("warm-up:standings");
        assertThat(book.resetOffset("warm-up:standings", NOON).offsets()).isEmpty();
    }

    @Test
    void pause_veryManyJobs_isRefusedWithWhatToDo() {
        JobBook book = JobBook.EMPTY;
        for (int i = 0; i < JobBook.MOST_ORDERS; i++) {
            book = book.pause("job-" + i, new Order("alice", NOON));
        }
        JobBook full = book;

        assertThatThrownBy(() -> full.pause("one-more", new Order("alice", NOON)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Job 'one-more' was not changed: 1000 orders are in force already, which is the most."
                        + " Resume jobs or reset their offsets.");
    }
}
