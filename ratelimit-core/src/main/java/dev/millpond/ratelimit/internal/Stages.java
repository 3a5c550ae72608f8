package dev.millpond.ratelimit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Joins answers that come later. */
final class Stages {

    private Stages() {}

    /**
     * Returns an answer that is there already, as those of this process are; else null.
     *
     * <p>To go on with it by a stage makes a function and another stage, in each decision. Some stages are futures that
     * refuse to say whether they are done, so only those of the very class are asked.
     */
    static <T> @Nullable T nowOrNull(CompletionStage<T> stage) {
        if (stage.getClass() != CompletableFuture.class) {
            return null;
        }
        CompletableFuture<T> answer = stage.toCompletableFuture();
        return answer.isDone() && !answer.isCompletedExceptionally() ? answer.join() : null;
    }

    /** Waits until an answer is there, or a failure, and returns it. */
    static <T> CompletionStage<T> awaited(CompletionStage<T> stage) {
        CompletableFuture<T> answer = stage.toCompletableFuture();
        try {
            answer.join();
        } catch (CompletionException | CancellationException e) {
            // Whoever goes on with the answer finds the failure in it.
        }
        return answer;
    }

    /**
     * Returns an answer that a caller may cancel, or complete, without harm to what is done about it here.
     *
     * @param unheard is told of an answer that the caller gets no more
     */
    static <T> CompletionStage<T> handedOver(CompletionStage<T> answer, Consumer<T> unheard) {
        if (nowOrNull(answer) != null) {
            return answer;
        }
        CompletableFuture<T> ofCaller = new CompletableFuture<>();
        var unused = answer.whenComplete((value, failure) -> {
            if (failure != null) {
                ofCaller.completeExceptionally(failure);
            } else if (!ofCaller.complete(value)) {
                unheard.accept(value);
            }
        });
        return ofCaller;
    }

    /** Asks all at once, and answers in their order. */
    static <T, A> CompletionStage<List<A>> all(List<T> asked, Function<T, CompletionStage<A>> question) {
        List<CompletionStage<A>> open = asked.stream().map(question).toList();
        CompletionStage<List<A>> answers = CompletableFuture.completedStage(new ArrayList<>());
        for (CompletionStage<A> next : open) {
            answers = answers.thenCombine(next, (before, answer) -> {
                before.add(answer);
                return before;
            });
        }
        return answers;
    }
}
