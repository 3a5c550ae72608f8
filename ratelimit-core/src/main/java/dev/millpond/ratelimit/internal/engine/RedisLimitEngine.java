package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitStats;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.internal.engine.GiveCommand.Kind;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.spi.NodeMessages;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisGuard.Registration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.serialization.Mapper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the buckets in Redis, shared by all nodes.
 *
 * <p>Decisions of this node on the same bucket queue instead of competing: while one call is on its way the others
 * wait, and then go together.
 */
public final class RedisLimitEngine implements LimitEngine {

    /** How long a bucket outlives the moment at which it is full: enough for clocks that differ. */
    public static final Duration KEPT_WHEN_FULL = Duration.ofSeconds(10);

    /** How long a bucket with more tokens than its capacity, which were granted, outlives its last use. */
    public static final Duration KEPT_ABOVE_CAPACITY = Duration.ofDays(1);

    /** The precision that all engines on Redis can represent. */
    static final Duration CLOCK_PRECISION = Duration.ofMillis(1);

    private final RedisGuard guard;
    private final RedisBuckets<String> buckets;
    private final AnswerCounts counts;
    private final ExhaustedBuckets exhausted;
    private final NodeMessages messages;
    private final RedisTakes decisions;
    private final Leases leases;
    private final EngineWarmUp warmUp;
    private volatile @Nullable Registration warmUps;

    /**
     * Creates an engine.
     *
     * @param engine how it decides
     * @param guard the way to Redis
     * @param budget how long a decision may take
     * @param clock the wall clock that refills buckets where Redis does not
     * @param ticker elapsed time
     * @param channel where nodes tell each other which buckets got tokens by something else than time
     */
    public RedisLimitEngine(
            RedisEngine engine, RedisGuard guard, Duration budget, InstantSource clock, Ticker ticker, String channel) {
        this(bucketsOf(engine, guard, clock, ticker, UnaryOperator.identity()), guard, budget, ticker, channel);
    }

    /**
     * Creates an engine.
     *
     * @param buckets makes the buckets whose operations take no longer than a time
     */
    RedisLimitEngine(
            Function<Duration, RedisBuckets<String>> buckets,
            RedisGuard guard,
            Duration budget,
            Ticker ticker,
            String channel) {
        this(buckets, guard, budget, ticker, channel, null);
    }

    /**
     * Creates an engine.
     *
     * @param later gives leases back in time; null for a thread of this engine
     */
    RedisLimitEngine(
            Function<Duration, RedisBuckets<String>> buckets,
            RedisGuard guard,
            Duration budget,
            Ticker ticker,
            String channel,
            Leases.@Nullable Later later) {
        this.guard = guard;
        this.buckets = buckets.apply(budget);
        this.counts = new AnswerCounts(ticker, guard::available);
        this.exhausted = new ExhaustedBuckets(ticker);
        this.messages = new NodeMessages(guard, channel, exhausted, ticker);
        this.decisions = decisions(this.buckets, exhausted, counts, budget, ticker, later);
        this.leases = decisions.leases();
        RedisBuckets<String> patient = buckets.apply(EngineWarmUp.BUDGET);
        this.warmUp = new EngineWarmUp(
                patient,
                () -> decisions(
                        patient,
                        new ExhaustedBuckets(ticker),
                        new AnswerCounts(ticker, guard::available),
                        EngineWarmUp.BUDGET,
                        ticker,
                        null),
                budget,
                ticker);
    }

    private RedisTakes decisions(
            RedisBuckets<String> buckets,
            ExhaustedBuckets exhausted,
            AnswerCounts counts,
            Duration budget,
            Ticker ticker,
            Leases.@Nullable Later later) {
        KnownDenials known = new KnownDenials(exhausted, new CrowdedBuckets(ticker), messages::heard, counts);
        return new RedisTakes(guard, buckets, known, budget, ticker, later, LimitEngine.super::takeAll);
    }

    /**
     * Returns how to make buckets whose operations take no longer than a time.
     *
     * @param scriptChange what is done with the text of a script each time before it is sent
     */
    static Function<Duration, RedisBuckets<String>> bucketsOf(
            RedisEngine engine,
            RedisGuard guard,
            InstantSource clock,
            Ticker ticker,
            UnaryOperator<String> scriptChange) {
        ClientSideConfig config = ClientSideConfig.getDefault()
                .withClientClock(new WallClock(clock))
                .withExpirationAfterWriteStrategy(new KeptUntilFull(KEPT_WHEN_FULL, KEPT_ABOVE_CAPACITY));
        return switch (engine) {
            case SCRIPT -> budget -> new ScriptBuckets<>(config, guard, Mapper.STRING, budget, ticker, scriptChange);
            case CAS -> budget -> new RedisBuckets<>(config, guard, Mapper.STRING, budget, ticker, scriptChange);
        };
    }

    @Override
    public CompletionStage<BucketState> take(String bucket, List<RateLimit> limits, long cost) {
        return takeAll(List.of(new Take(bucket, limits)), cost).thenApply(states -> states.get(0));
    }

    @Override
    public CompletionStage<List<BucketState>> takeAll(List<Take> takes, long cost) {
        return decisions.takeAll(takes, cost);
    }

    @Override
    public CompletionStage<BucketState> peek(String bucket, List<RateLimit> limits) {
        return LimitEngine.super.peek(bucket, limits).thenApply(state -> leases.with(bucket, limits, state));
    }

    @Override
    public boolean knownToDeny(List<Take> takes, long cost) {
        return decisions.knownToDeny(takes, cost);
    }

    @Override
    public boolean available() {
        return guard.available();
    }

    @Override
    public RateLimitStats stats() {
        return counts.stats();
    }

    @Override
    public CompletionStage<Optional<Permit>> enter(String bucket, InFlightLimit limit) {
        return decisions.enter(bucket, limit);
    }

    @Override
    public CompletionStage<BucketState> refund(String bucket, List<RateLimit> limits, long tokens) {
        BucketState kept = leases.refund(bucket, limits, tokens);
        return kept == null ? give(Kind.REFUND, bucket, limits, tokens) : CompletableFuture.completedStage(kept);
    }

    @Override
    public CompletionStage<BucketState> grant(String bucket, List<RateLimit> limits, long tokens) {
        return give(Kind.GRANT, bucket, limits, tokens);
    }

    private CompletionStage<BucketState> give(Kind kind, String bucket, List<RateLimit> limits, long tokens) {
        GiveCommand give = new GiveCommand(kind, Shape.of(limits), tokens, CLOCK_PRECISION);
        return telling(bucket, buckets.run(bucket, give));
    }

    @Override
    public CompletionStage<BucketState> reset(String bucket, List<RateLimit> limits) {
        return telling(
                bucket,
                leases.reset(bucket, limits)
                        .thenCompose(done -> done.map(CompletableFuture::completedFuture)
                                .orElseGet(() -> buckets.removeAsync(bucket)
                                        .thenApply(removed -> Shape.of(limits).untouched()))));
    }

    /** Tells all nodes of a change; one that failed may have been made all the same. */
    private CompletionStage<BucketState> telling(String bucket, CompletionStage<BucketState> change) {
        return change.whenComplete((state, failure) -> {
            exhausted.forget(bucket);
            messages.publish(bucket);
        });
    }

    /**
     * Goes the whole way to Redis until that is quick, so that the first callers find it so.
     *
     * @param bucket used for that, and removed at the end
     * @return completed, perhaps by a failure, when that has been done
     */
    public CompletionStage<Void> warmUp(String bucket) {
        return warmUp.run(bucket);
    }

    /** Warms up each time Redis becomes available, until this engine is closed. */
    public void warmUpWhenAvailable(String bucket) {
        warmUps = guard.onAvailable(() -> {
            counts.redisIsBack();
            exhausted.forgetAll(); // Redis may have lost the buckets, and this node messages
            leases.drop();
            boolean unused = messages.heard();
            warmUp(bucket);
        });
    }

    /** Tells whether this node would hear of tokens that other nodes add to buckets. */
    boolean hearsOfOthers() {
        return messages.heard();
    }

    @Override
    public void close() {
        Registration registration = warmUps;
        if (registration != null) {
            registration.close();
        }
        messages.close();
        // The connection belongs to whoever made it, and buckets stay for the other nodes.
        decisions.close();
    }

    /** Wall clock time in whole microseconds, like that of Redis. */
    private record WallClock(InstantSource source) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return TimeUnit.MICROSECONDS.toNanos(ChronoUnit.MICROS.between(Instant.EPOCH, source.instant()));
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
