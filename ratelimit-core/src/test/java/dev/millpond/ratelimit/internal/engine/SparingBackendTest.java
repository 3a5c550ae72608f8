package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.testkit.FakeTicker;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SparingBackendTest {

    private static final List<RateLimit> FREE = Tier.FREE.limits();

    private final MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);
    private final List<List<Long>> asked = new ArrayList<>();
    private boolean hearsOfOthers = true;
    private final FakeTicker ticker = new FakeTicker();
    private final AnswerCounts counts = new AnswerCounts(ticker, () -> true);
    private final SparingBackend backend = new SparingBackend(
            this::redis,
            new KnownDenials(new ExhaustedBuckets(ticker), new CrowdedBuckets(ticker), () -> hearsOfOthers, counts));

    private CompletionStage<List<Taken>> redis(List<Take> buckets, List<Wanted> wanted) {
        asked.add(wanted.stream().map(Wanted::cost).toList());
        return CompletableFuture.completedFuture(
                new JointTake(buckets, wanted, RedisLimitEngine.CLOCK_PRECISION).decide(List.of(entry), List.of(), 0));
    }

    private List<Boolean> take(Long... costs) {
        return backend.takeAll(
                        List.of(new Take("bucket", FREE)),
                        Stream.of(costs).map(Wanted::tokens).toList())
                .thenApply(answers ->
                        answers.stream().map(states -> states.get(0).admitted()).toList())
                .toCompletableFuture()
                .join();
    }

    @Test
    void takeAll_someCannotBeMet_asksForTheOthersOnlyAndAnswersInOrder() {
        assertThat(take(9L, 5L)).containsExactly(true, false);

        assertThat(take(5L, 2L, 7L, 1L, 13L, 0L)).containsExactly(false, true, false, true, false, true);
        assertThat(asked).containsExactly(List.of(9L, 5L), List.of(2L, 1L, 0L));
        assertThat(counts.stats().memoryAnswers()).isEqualTo(3);
    }

    @Test
    void takeAll_noneCanBeMet_asksNobody() {
        take(12L, 1L);

        assertThat(take(1L, 2L)).containsExactly(false, false);
        assertThat(asked).hasSize(1);
    }

    @Test
    void takeAll_doesNotHearOfOtherNodes_remembersNoDenial() {
        hearsOfOthers = false;
        take(12L, 1L);

        take(1L);

        assertThat(asked).containsExactly(List.of(12L, 1L), List.of(1L));
    }
}
