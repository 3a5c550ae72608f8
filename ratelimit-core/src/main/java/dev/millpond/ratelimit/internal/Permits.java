package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Permit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes one permit of those of several places. */
final class Permits {

    private Permits() {}

    static Optional<Permit> of(List<TierState> states) {
        return joined(states.stream()
                .flatMap(state -> state.state().permit().stream())
                .toList());
    }

    static Optional<Permit> both(Optional<Permit> one, Optional<Permit> other) {
        return joined(Stream.concat(one.stream(), other.stream()).toList());
    }

    private static Optional<Permit> joined(List<Permit> permits) {
        return permits.size() > 1
                ? Optional.of(() -> permits.forEach(Permit::release))
                : permits.stream().findFirst();
    }
}
