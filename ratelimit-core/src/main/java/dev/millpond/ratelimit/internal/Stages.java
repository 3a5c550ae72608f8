package dev.millpond.ratelimit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Joins answers that come later. */
final class Stages {

    private Stages() {}

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
