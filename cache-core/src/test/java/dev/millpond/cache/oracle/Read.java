package dev.millpond.cache.oracle;

import java.util.List;
import java.util.function.Supplier;

/**
 * One read of a node's caches.
 *
 * @param how the operation
 * @param subjects what the answer is made from
 * @param answer reads; returns a version per subject, in their order, or nothing if the caches were not to load
 */
record Read(String how, List<Subject> subjects, Supplier<List<Long>> answer) {

    /** Tells whether it must miss nothing that was complete before it began. */
    boolean strict() {
        return subjects.stream().allMatch(subject -> subject.kind() == Subject.Kind.STRICT);
    }
}
