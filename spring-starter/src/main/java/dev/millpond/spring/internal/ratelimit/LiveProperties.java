package dev.millpond.spring.internal.ratelimit;

import dev.millpond.spring.RateLimitProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The properties of rate limits in force, and what follows them when they change; thread-safe. */
public final class LiveProperties {

    private final RateLimitProperties atStart;
    private final List<Function<RateLimitProperties, Runnable>> followers = new ArrayList<>();
    private RateLimitProperties inForce;

    /** Creates it with the properties at the start. */
    public LiveProperties(RateLimitProperties atStart) {
        this.atStart = atStart;
        this.inForce = atStart;
    }

    RateLimitProperties atStart() {
        return atStart;
    }

    synchronized RateLimitProperties inForce() {
        return inForce;
    }

    /**
     * Returns what is made of the properties, always that of those in force.
     *
     * @param maker may refuse properties; then none of them change
     */
    public <T> Supplier<T> derive(Function<RateLimitProperties, T> maker) {
        AtomicReference<T> made = new AtomicReference<>();
        follow(maker, made::set);
        return made::get;
    }

    /**
     * Has something put in force, now and each time that the properties change.
     *
     * @param maker may refuse properties; then none of them change
     * @param taker must not refuse
     */
    synchronized <T> void follow(Function<RateLimitProperties, T> maker, Consumer<T> taker) {
        taker.accept(maker.apply(inForce));
        followers.add(next -> {
            T made = maker.apply(next);
            return () -> taker.accept(made);
        });
    }

    /** Puts other properties in force, all or none. */
    synchronized void replaceBy(RateLimitProperties next) {
        List<Runnable> steps =
                followers.stream().map(follower -> follower.apply(next)).toList();
        steps.forEach(Runnable::run);
        inForce = next;
    }
}
