package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends a few calls at once; what is asked for while these are under way goes into the next one together. So any number
 * of callers at the same moment costs a few calls, and a caller with few beside it waits for nobody. Thread-safe.
 *
 * <p>Names that must not stand for two callers at once are in one call only once. Each caller is answered by a call
 * that was sent after it came. If Redis does not answer a call, those that wait fail with it, because they would only
 * wait as long again.
 *
 * @param <R> the type of answers
 */
final class SharedCalls<R extends @Nullable Object> {

    static final int MOST_UNDER_WAY = 4;

    private final Function<List<String>, CompletionStage<R>> sender;
    private final Deque<Group<R>> waiting = new ArrayDeque<>();
    private int underWay;

    /**
     * Creates calls.
     *
     * @param sender sends one call without waiting for its answer
     */
    SharedCalls(Function<List<String>, CompletionStage<R>> sender) {
        this.sender = sender;
    }

    /** Begins a call about some names, and maybe about those of others. */
    CompletableFuture<R> begin(Collection<String> names) {
        return begin(names, name -> false);
    }

    /**
     * Does the same, where some names are this caller's alone.
     *
     * @param own tells of a name whether it must not be in the call for another caller too
     */
    CompletableFuture<R> begin(Collection<String> names, Predicate<String> own) {
        Group<R> alone = new Group<>(names);
        Group<R> group = enter(alone, own);
        if (group == null) {
            send(alone);
            return alone.answer;
        }
        return group.answer;
    }

    /** Returns the group that waits for its turn with these names, or null if it is the turn of these alone. */
    private synchronized @Nullable Group<R> enter(Group<R> group, Predicate<String> own) {
        if (underWay < MOST_UNDER_WAY) {
            underWay++;
            return null;
        }
        Group<R> last = waiting.peekLast();
        if (last != null && last.takes(group.names, own)) {
            return last;
        }
        waiting.add(group);
        return group;
    }

    private void send(Group<R> group) {
        var unused = sent(group).whenComplete((answer, failure) -> {
            // Before the callers go on: what they ask for next need not wait.
            end(failure);
            group.end(answer, failure);
        });
    }

    private CompletionStage<R> sent(Group<R> group) {
        try {
            return sender.apply(List.copyOf(group.names));
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void end(@Nullable Throwable failure) {
        if (cause(failure) instanceof RedisUnavailableException unavailable) {
            takeAll().forEach(group -> group.answer.completeExceptionally(unavailable));
        }
        Group<R> next = next();
        if (next != null) {
            send(next);
        }
    }

    private synchronized List<Group<R>> takeAll() {
        List<Group<R>> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    private synchronized @Nullable Group<R> next() {
        Group<R> next = waiting.poll();
        if (next == null) {
            underWay--;
        }
        return next;
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    /** The names of one call, and its answer. */
    private static final class Group<R extends @Nullable Object> {

        private final Set<String> names;
        private final CompletableFuture<R> answer = new CompletableFuture<>();

        private Group(Collection<String> names) {
            this.names = new LinkedHashSet<>(names);
        }

        /** Takes more names, unless they would be too many for one call, or one of them is another caller's. */
        private boolean takes(Set<String> more, Predicate<String> own) {
            boolean taken = names.size() + more.size() <= Parts.MOST_AT_ONCE
                    && more.stream().noneMatch(name -> own.test(name) && names.contains(name));
            if (taken) {
                names.addAll(more);
            }
            return taken;
        }

        private void end(R result, @Nullable Throwable failure) {
            if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        }
    }
}
