package dev.millpond.ratelimit.spi;

import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes a place and tokens from one bucket after the other, and gives them back when one denies.
 *
 * <p>A failure on the way leaves charged what was taken: nobody knows whether that bucket was, too, and a doubtful
 * charge counts.
 */
final class TakesInTurn {

    private final LimitEngine engine;
    private final List<Take> takes;
    private final long cost;

    TakesInTurn(LimitEngine engine, List<Take> takes, long cost) {
        this.engine = engine;
        this.takes = takes;
        this.cost = cost;
    }

    CompletionStage<List<BucketState>> decide() {
        return takes.size() == 1 ? takeOne(takes.get(0)).thenApply(List::of) : from(0, List.of());
    }

    private CompletionStage<List<BucketState>> from(int next, List<BucketState> taken) {
        if (next == takes.size()) {
            return CompletableFuture.completedStage(taken);
        }
        return engine.takeAll(List.of(takes.get(next)), cost)
                .whenComplete((states, failure) -> release(failure == null ? List.of() : taken))
                .thenCompose(states -> states.get(0).admitted()
                        ? from(next + 1, and(taken, states.get(0)))
                        : denied(next, taken, states.get(0)));
    }

    private CompletionStage<List<BucketState>> denied(int denying, List<BucketState> taken, BucketState state) {
        release(taken);
        CompletionStage<List<BucketState>> states = CompletableFuture.completedStage(List.of());
        for (Take take : takes.subList(0, denying)) {
            states = states.thenCompose(before -> giveBack(take).thenApply(given -> and(before, given)));
        }
        states = states.thenApply(before -> and(before, state));
        for (Take take : takes.subList(denying + 1, takes.size())) {
            states = states.thenCompose(before -> look(take).thenApply(held -> and(before, held)));
        }
        return states;
    }

    private static void release(List<BucketState> taken) {
        taken.forEach(state -> state.permit().ifPresent(Permit::release));
    }

    private CompletionStage<BucketState> takeOne(Take take) {
        return take.inFlight()
                .map(limit -> engine.enter(take.bucket(), limit).thenCompose(place -> takeOne(take, place)))
                .orElseGet(() -> charge(take));
    }

    private CompletionStage<BucketState> takeOne(Take take, Optional<Permit> place) {
        if (place.isEmpty()) {
            return look(take).thenApply(held -> held.admitted() ? held.withoutPlace() : held);
        }
        Permit permit = place.get();
        return charge(take)
                .thenApply(state -> state.admitted() ? state.with(permit) : state)
                .whenComplete((state, failure) -> {
                    if (failure != null || !state.admitted()) {
                        permit.release();
                    }
                });
    }

    /** Charges nothing for long: tokens are asked for only where they seem to be missing, to learn when they come. */
    private CompletionStage<BucketState> look(Take take) {
        return engine.peek(take.bucket(), take.limits())
                .thenCompose(held -> held.remaining() >= cost
                        ? CompletableFuture.completedStage(held)
                        : charge(take)
                                .thenCompose(asked ->
                                        asked.admitted() ? giveBack(take) : CompletableFuture.completedStage(asked)));
    }

    private CompletionStage<BucketState> charge(Take take) {
        return engine.take(take.bucket(), take.limits(), cost);
    }

    private CompletionStage<BucketState> giveBack(Take take) {
        return engine.refund(take.bucket(), take.limits(), cost);
    }

    private static List<BucketState> and(List<BucketState> states, BucketState further) {
        List<BucketState> all = new ArrayList<>(states);
        all.add(further);
        return List.copyOf(all);
    }
}
