package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Permit;
import java.util.List;
import java.util.Optional;

/** Makes one permit of those of several places. */
final class Permits {

    private Permits() {}

    static Optional<Permit> of(List<TierState> states) {
        Optional<Permit> joined = Optional.empty();
        for (TierState state : states) {
            joined = both(joined, state.state().permit());
        }
        return joined;
    }

    static Optional<Permit> both(Optional<Permit> one, Optional<Permit> other) {
        if (one.isEmpty()) {
            return other;
        }
        return other.isEmpty() ? one : Optional.of(joined(one.get(), other.get()));
    }

    private static Permit joined(Permit one, Permit other) {
        return () -> {
            one.release();
            other.release();
        };
    }
}
