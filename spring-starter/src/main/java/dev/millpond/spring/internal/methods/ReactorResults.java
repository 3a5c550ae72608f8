package dev.millpond.spring.internal.methods;

import dev.millpond.ratelimit.Permit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What methods return that goes on after them, where Reactor is there. */
final class ReactorResults {

    private ReactorResults() {}

    /** Returns a result that gives the place back when it completes, fails or is cancelled; null for other results. */
    static @Nullable Object following(Object result, Permit permit) {
        if (result instanceof Mono<?> mono) {
            return mono.doFinally(end -> permit.release());
        }
        return result instanceof Flux<?> flux ? flux.doFinally(end -> permit.release()) : null;
    }
}
