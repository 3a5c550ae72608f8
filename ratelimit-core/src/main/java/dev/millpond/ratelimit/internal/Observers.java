package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.spi.DecisionObserver;
import dev.millpond.ratelimit.spi.DecisionObserver.Observed;
import dev.millpond.runtime.spi.TolerantCalls;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Has decisions observed from their beginning to their end; no observer can spoil one. */
final class Observers {

    /** A caller that waits on its own thread, for which the decision may throw. */
    @FunctionalInterface
    interface Waiting {

        RateLimitDecision decide() throws InterruptedException;
    }

    private static final Observed NOBODY = (decision, failure) -> {};

    private final @Nullable DecisionObserver observer;
    private final TolerantCalls calls;

    Observers(@Nullable DecisionObserver observer, Ticker ticker) {
        this.observer = observer;
        this.calls = new TolerantCalls("Decision observer", LoggerFactory.getLogger(Observers.class), ticker);
    }

    CompletionStage<RateLimitDecision> observe(Supplier<CompletionStage<RateLimitDecision>> decision) {
        if (observer == null) {
            return decision.get();
        }
        Observed observed = begin(observer);
        try {
            return decision.get().whenComplete((made, failure) -> end(observed, made, failure));
        } catch (RuntimeException | Error e) {
            end(observed, null, e);
            throw e;
        }
    }

    RateLimitDecision observeWaiting(Waiting decision) throws InterruptedException {
        if (observer == null) {
            return decision.decide();
        }
        Observed observed = begin(observer);
        RateLimitDecision made = null;
        Throwable failure = null;
        try {
            made = decision.decide();
            return made;
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            end(observed, made, failure);
        }
    }

    private Observed begin(DecisionObserver asked) {
        return calls.get(asked, "begin()", asked::begin, NOBODY);
    }

    private void end(Observed observed, @Nullable RateLimitDecision decision, @Nullable Throwable failure) {
        calls.run(observed, () -> observed.ended(decision, causeOf(failure)));
    }

    private static @Nullable Throwable causeOf(@Nullable Throwable failure) {
        return failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
    }
}
