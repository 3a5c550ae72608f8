package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.runtime.spi.OccasionalLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Asks the {@link TierResolver} and keeps its answers for a short time.
 *
 * <p>Answers are kept by digest, so that neither long nor many keys take much memory. While the resolver throws, a tier
 * it gave before stays in force; a key without one counts as unknown, since letting it pass would let everybody pass
 * who makes up a key.
 */
final class TierLookup {

    /** Answers kept at most, about 10 MB. */
    static final long MAXIMUM_ANSWERS = 50_000;

    private final TierResolver resolver;
    private final Ticker ticker;
    private final OccasionalLog log;
    private final Cache<String, TierAnswer> answers;
    private final ConcurrentHashMap<String, CompletableFuture<TierAnswer>> lookups = new ConcurrentHashMap<>();
    private final AtomicLong doubts = new AtomicLong();

    TierLookup(TierResolver resolver, Ticker ticker) {
        this.resolver = resolver;
        this.ticker = ticker;
        this.log = new OccasionalLog(LoggerFactory.getLogger(TierLookup.class), ticker);
        this.answers = Caffeine.newBuilder()
                .maximumSize(MAXIMUM_ANSWERS)
                .ticker(ticker)
                .expireAfter(Expiry.<String, TierAnswer>writing((digest, answer) -> answer.timeToKeep(ticker.read())))
                .build();
    }

    /** Returns the tier of the key of an owner at a moment; the owner remembers it for as long as it is certain. */
    Optional<Tier> tierOf(String apiKey, BucketOwner owner, long now) {
        return answer(apiKey, owner, now).tier();
    }

    /** Tells whether the resolver has said that nobody has the key of an owner. */
    boolean isUnknown(String apiKey, BucketOwner owner, long now) {
        return answer(apiKey, owner, now).saysUnknown();
    }

    /** Tells whether an answer about the key of an owner is kept, which may be one to be asked for anew. */
    boolean remembers(BucketOwner owner, long now) {
        return rememberedBy(owner, now) != null || kept(owner, now) != null;
    }

    private TierAnswer answer(String apiKey, BucketOwner owner, long now) {
        TierAnswer remembered = rememberedBy(owner, now);
        return remembered != null ? remembered : lookUpFor(apiKey, owner);
    }

    private @Nullable TierAnswer rememberedBy(BucketOwner owner, long now) {
        TierAnswer answer = owner.remembered(doubts.get());
        return answer != null && answer.freshAt(now) ? answer : null;
    }

    private TierAnswer lookUpFor(String apiKey, BucketOwner owner) {
        long doubtsBefore = doubts.get();
        long now = ticker.read();
        TierAnswer last = kept(owner, now);
        TierAnswer answer = last != null && last.freshAt(now) ? last : lookUp(apiKey, owner.digest(), last);
        owner.remember(answer, doubtsBefore);
        return answer;
    }

    /** Of one whom others have pushed out, though it is busy, the owner itself knows the last answer. */
    private @Nullable TierAnswer kept(BucketOwner owner, long now) {
        TierAnswer kept = answers.getIfPresent(owner.digest());
        TierAnswer last = kept == null ? owner.lastKnown() : null;
        return last != null && last.keptAt(now) ? last.doubted(now) : kept;
    }

    private TierAnswer lookUp(String apiKey, String digest, @Nullable TierAnswer last) {
        CompletableFuture<TierAnswer> mine = new CompletableFuture<>();
        CompletableFuture<TierAnswer> others = lookups.putIfAbsent(digest, mine);
        if (others != null) {
            return last == null ? others.join() : last;
        }
        try {
            TierAnswer answer = newest(apiKey, digest, last);
            mine.complete(answer);
            return answer;
        } finally {
            mine.complete(TierAnswer.unknownAfterFailure(ticker.read())); // only if an error was thrown
            lookups.remove(digest, mine);
        }
    }

    /** Between a caller's look and its turn another one may have asked, and have gone again. */
    private TierAnswer newest(String apiKey, String digest, @Nullable TierAnswer last) {
        TierAnswer kept = answers.getIfPresent(digest);
        if (kept != null && kept.freshAt(ticker.read())) {
            return kept;
        }
        long doubtsBefore = doubts.get();
        TierAnswer answer = ask(apiKey, last);
        answers.asMap()
                .compute(digest, (key, before) -> isDoubted(doubtsBefore) ? answer.doubted(ticker.read()) : answer);
        return answer;
    }

    /** Tells whether it may have been asked before what somebody wants to see. */
    private boolean isDoubted(long doubtsBefore) {
        return doubts.get() != doubtsBefore;
    }

    /** Makes the resolver be asked anew about a key. */
    void forget(String digest) {
        doubts.incrementAndGet();
        lookups.remove(digest);
        doubt(digest);
        doubts.incrementAndGet(); // so that no owner remembers what was read before it was doubted
    }

    /** Makes the resolver be asked anew about all keys. */
    void forgetAll() {
        doubts.incrementAndGet();
        lookups.clear();
        answers.asMap().keySet().forEach(this::doubt);
        doubts.incrementAndGet();
    }

    private void doubt(String digest) {
        answers.asMap().computeIfPresent(digest, (key, answer) -> answer.doubted(ticker.read()));
    }

    private TierAnswer ask(String apiKey, @Nullable TierAnswer last) {
        try {
            return TierAnswer.resolved(resolver.resolve(apiKey), ticker.read());
        } catch (RuntimeException e) {
            log.warn(
                    "The tier resolver failed with {}; its message is left out, it may hold an API key. Keys that it"
                            + " resolved in the last hour keep their tier, all others count as unknown.",
                    e.getClass().getName());
            long now = ticker.read();
            return last == null ? TierAnswer.unknownAfterFailure(now) : last.afterFailure(now);
        }
    }

    /** Returns about how many answers are kept. */
    long size() {
        answers.cleanUp();
        return answers.estimatedSize();
    }
}
