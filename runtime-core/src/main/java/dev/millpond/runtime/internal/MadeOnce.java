package dev.millpond.runtime.internal;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that the first who asks for it makes, and that all others share; thread-safe.
 *
 * @param <T> the type of what is made
 */
final class MadeOnce<T> implements Supplier<T> {

    private final Supplier<T> maker;
    private volatile @Nullable T made;
    private boolean ended;

    MadeOnce(Supplier<T> maker) {
        this.maker = maker;
    }

    /**
     * Returns it, after making it if nobody has yet.
     *
     * @throws IllegalStateException if it was ended before it was made
     */
    @Override
    public T get() {
        T known = made;
        return known != null ? known : make();
    }

    private synchronized T make() {
        if (ended) {
            throw new IllegalStateException("The Redis connection is closed.");
        }
        T known = made;
        if (known == null) {
            known = maker.get();
            made = known;
        }
        return known;
    }

    /** Ends what was made, or is being made; else nothing will be. */
    synchronized void end(Consumer<? super T> ending) {
        ended = true;
        T known = made;
        if (known != null) {
            ending.accept(known);
        }
    }
}
