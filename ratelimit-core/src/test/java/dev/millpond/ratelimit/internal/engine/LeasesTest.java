package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitStats;
import dev.millpond.ratelimit.internal.engine.LeaseScript.Reply;
import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.testkit.FakeTicker;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.serialization.InternalSerializationHelper;
import io.github.bucket4j.distributed.versioning.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class LeasesTest {

    private static final long AT = Duration.ofDays(20_000).toNanos();
    private static final Shape SHAPE = Shape.of(List.of(RateLimit.of(1_000, Duration.ofDays(1))));

    private final SlowRedis redis = new SlowRedis();
    private final AnswerCounts counts = new AnswerCounts(new FakeTicker(), () -> true);
    private final Leases leases = new Leases(redis, new FakeTicker(), (delay, action) -> {}, counts);

    private static Take of(String bucket) {
        return new Take(bucket, SHAPE.limits(), Optional.empty(), 100);
    }

    /** Begins two takes, of which the second asks for a lease. */
    private CompletableFuture<Taken> askForALease(String bucket, long cost) {
        CompletionStage<Taken> unused = leases.takeAll(of(bucket), List.of(1L));
        return leases.takeAll(of(bucket), List.of(cost)).toCompletableFuture();
    }

    private void lend(String bucket) {
        CompletableFuture<Taken> unused = askForALease(bucket, 50);
        redis.answer(lendingFive());
    }

    /** Returns an answer that lends 5 of 20 tokens. */
    private static Optional<Reply> lendingFive() {
        return Optional.of(new Reply(AT / 1_000, bucketWithout(980), bucketWithout(985), 5, 1_000));
    }

    private static byte[] bucketWithout(long taken) {
        MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);
        new TakeCommand(SHAPE, List.of(taken), Duration.ofMillis(1)).execute(entry, AT);
        return InternalSerializationHelper.serializeState(entry.get(), Versions.getLatest());
    }

    @Test
    void takeAll_answerLends_tellsTheLevelWithWhatIsLent() {
        CompletableFuture<Taken> taken = askForALease("bucket", 50);

        redis.answer(lendingFive());

        assertThat(taken.join().level().getAvailableTokens()).isEqualTo(20);
        assertThat(leases.left("bucket")).isEqualTo(5);
    }

    @Test
    void takeAll_leaseHasEnough_countsWhatWasTakenFromIt() {
        lend("bucket");
        RateLimitStats lent = counts.stats();

        leases.take(of("bucket"), 2);
        CompletionStage<Taken> queued = leases.takeAll(of("bucket"), List.of(1L, 2L));

        assertThat(queued.toCompletableFuture()).isCompleted();
        assertThat(leases.take(of("bucket"), 1)).isNull();
        assertThat(lent.redisAnswers()).as("of the call that lent").isEqualTo(1);
        assertThat(counts.stats()).isEqualTo(new RateLimitStats(1, 1, 1, 3, 5, 0, Duration.ZERO));
    }

    @Test
    void takeAll_leaseHasTooFewForAll_chargesNobodyAndGivesAllBack() {
        lend("bucket");

        CompletionStage<Taken> taken = leases.takeAll(of("bucket"), List.of(3L, 3L));
        redis.fail(new IllegalStateException("lost"));

        assertThatThrownBy(() -> taken.toCompletableFuture().join()).hasRootCauseMessage("lost");
        LeaseCall last = redis.calls.get(redis.calls.size() - 1);
        assertThat(last.costs()).containsExactly(3L, 3L);
        assertThat(last.unused()).isEqualTo(5);
    }

    @Test
    void close_callUnderWay_givesItsLeaseBack() {
        CompletableFuture<Taken> taken = askForALease("bucket", 50);
        leases.close();

        redis.answer(lendingFive());

        LeaseCall last = redis.calls.get(redis.calls.size() - 1);
        assertThat(last.returned()).isNotEmpty();
        assertThat(last.unused()).isEqualTo(5);
        assertThat(taken).isCompleted();
        assertThat(leases.left("bucket")).isZero();
        redis.answer(Optional.empty());
        assertThat(redis.returned).containsExactly("bucket");
    }

    @Test
    void close_manyLeases_givesThemBackInPartsThatTheClientTakes() throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            lend("bucket" + i);
        }
        redis.calls.clear();
        Thread closing = new Thread(leases::close);
        closing.start();

        int mostAtOnce = 0;
        while (closing.isAlive()) {
            if (closing.getState() == Thread.State.WAITING) {
                mostAtOnce = Math.max(mostAtOnce, redis.underWay.size());
                redis.answer(Optional.empty());
            }
            Thread.onSpinWait();
        }

        closing.join();
        assertThat(redis.calls).hasSize(2_000);
        assertThat(mostAtOnce).isBetween(1, 512);
    }

    /** Answers when told. */
    private static final class SlowRedis implements Leases.Redis {

        private final List<LeaseCall> calls = new ArrayList<>();
        private final List<String> returned = new ArrayList<>();
        private final ConcurrentLinkedQueue<CompletableFuture<Optional<Reply>>> underWay =
                new ConcurrentLinkedQueue<>();

        @Override
        public CompletionStage<Optional<Reply>> lease(LeaseCall call, Deadline deadline) {
            calls.add(call);
            CompletableFuture<Optional<Reply>> answer = new CompletableFuture<>();
            underWay.add(answer);
            return answer;
        }

        void answer(Optional<Reply> reply) {
            for (var next = underWay.poll(); next != null; next = underWay.poll()) {
                next.complete(reply);
            }
        }

        void fail(Exception failure) {
            for (var next = underWay.poll(); next != null; next = underWay.poll()) {
                next.completeExceptionally(failure);
            }
        }

        @Override
        public Deadline newDeadline() {
            return Deadline.in(Duration.ofMillis(50), () -> 0);
        }

        @Override
        public void returned(String bucket) {
            returned.add(bucket);
        }

        @Override
        public CompletionStage<Taken> takeAll(Take take, List<Long> costs, Deadline deadline) {
            return new CompletableFuture<>();
        }
    }
}
