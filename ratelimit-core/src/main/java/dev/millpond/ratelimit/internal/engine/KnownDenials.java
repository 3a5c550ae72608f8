package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.internal.engine.TakeCommand.Taken;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows Redis would deny, because tokens or places are missing.
 *
 * @param hearsOfOthers whether this node would hear of tokens that other nodes add to a bucket; if not, it does not
 *     remember that they are missing
 * @param counts is told what was denied here
 */
record KnownDenials(
        ExhaustedBuckets exhausted, CrowdedBuckets crowded, BooleanSupplier hearsOfOthers, AnswerCounts counts) {

    /** Returns the denial of a request, which is its answer; null if only Redis knows. */
    @Nullable
    List<BucketState> of(List<Take> takes, long cost) {
        List<BucketState> lacking = exhausted.denial(takes, cost);
        List<BucketState> denial = lacking != null ? lacking : crowded.denial(takes, cost);
        if (denial != null) {
            counts.deniedFromMemory();
        }
        return denial;
    }

    /** Tells whether a request would be denied; also if no such request was denied before. */
    boolean contain(List<Take> takes, long cost) {
        return exhausted.knownToLack(takes, cost) || crowded.denial(takes, cost) != null;
    }

    /** Begins a question to Redis about buckets. */
    Question ask(List<Take> takes) {
        return new Question(exhausted.ask(takes), crowded.ask(takes));
    }

    /** A question that is on its way. */
    final class Question {

        private final ExhaustedBuckets.Question tokens;
        private final CrowdedBuckets.Question places;

        private Question(ExhaustedBuckets.Question tokens, CrowdedBuckets.Question places) {
            this.tokens = tokens;
            this.places = places;
        }

        /**
         * Remembers what was answered.
         *
         * @param taken what was decided, by bucket
         * @param answers the same by request
         */
        void answered(List<Taken> taken, List<List<BucketState>> answers) {
            answers.forEach(places::answered);
            if (hearsOfOthers.getAsBoolean()) {
                tokens.answered(taken);
            }
        }
    }
}
