package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.redisson.client.RedisResponseTimeoutException;

class ReadPartsTest {

    private static final int LARGE = 200 << 10;

    private final ReadParts reads = new ReadParts();
    private final List<Integer> asked = new ArrayList<>();

    private static List<String> keys(String cache, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "namespace:" + cache + ":part:" + i)
                .toList();
    }

    /** Reads keys whose values are that large; returns how many were asked for at once. */
    private List<Integer> read(String cache, int count, int bytes) {
        asked.clear();
        assertThat(reads.read(keys(cache, count), (from, to) -> {
                    asked.add(to - from);
                    return Collections.<byte @Nullable []>nCopies(to - from, new byte[bytes]);
                }))
                .hasSize(count);
        return List.copyOf(asked);
    }

    private void failToRead(String cache, int count, RedisUnavailableException failure) {
        assertThatThrownBy(() -> reads.read(keys(cache, count), (from, to) -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void read_aHundredOfUnknownSize_isOnePart() {
        assertThat(read("cache", 100, 100)).containsExactly(100);
    }

    @Test
    void read_noKeys_asksNothing() {
        assertThat(read("cache", 0, 100)).isEmpty();
    }

    @Test
    void read_someMissing_answersInOrder() {
        List<String> keys = keys("cache", 250);

        assertThat(reads.read(
                        keys,
                        (from, to) -> IntStream.range(from, to)
                                .<byte @Nullable []>mapToObj(i -> i % 2 == 0 ? null : new byte[] {(byte) i})
                                .toList()))
                .containsExactlyElementsOf(IntStream.range(0, 250)
                        .<byte @Nullable []>mapToObj(i -> i % 2 == 0 ? null : new byte[] {(byte) i})
                        .toList());
    }

    @Test
    void read_largeValues_goesOnInPartsOfAMebibyte() {
        assertThat(read("cache", 120, LARGE)).startsWith(100, 5, 5).containsOnly(100, 5);
        assertThat(read("cache", 20, LARGE)).containsExactly(5, 5, 5, 5);
    }

    @Test
    void read_smallValuesAgainAndAgain_isInPartsOfFiveHundred() {
        read("cache", 2_000, 100);

        assertThat(read("cache", 1_200, 100)).containsExactly(500, 500, 200);
    }

    @Test
    void read_otherCache_isNotHeldUpByTheLargeOnes() {
        read("large", 100, LARGE);

        assertThat(read("small", 100, 100)).containsExactly(100);
    }

    @Test
    void stored_largeValues_areKnownBeforeTheyAreRead() {
        reads.stored("namespace:cache:part:1", List.of(new byte[LARGE]));

        assertThat(read("cache", 10, LARGE)).containsExactly(5, 5);
    }

    @Test
    void read_noAnswerInTime_asksForAQuarterTheNextTime() {
        failToRead("cache", 100, new RedisUnavailableException("late", new TimeoutException()));
        assertThat(read("cache", 25, 100)).containsExactly(25);

        failToRead("other", 100, new RedisUnavailableException("late", new RedisResponseTimeoutException("late")));
        assertThat(read("other", 25, 100)).containsExactly(25);
        assertThat(read("third", 100, 100)).containsExactly(100);
    }

    @Test
    void read_failedForAnotherReason_asksForAsManyTheNextTime() {
        failToRead("cache", 100, new RedisUnavailableException("Redis is away, so the call was not sent."));
        failToRead("cache", 100, new RedisUnavailableException("refused", new IllegalStateException()));

        assertThat(read("cache", 100, 100)).containsExactly(100);
    }
}
