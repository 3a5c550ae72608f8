package dev.millpond.cache.oracle;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The source of truth, and what is known of the invalidations of its changes; thread-safe. */
record Truth(SourceOfTruth source, Map<Subject, History> histories) {

    static Truth of(int nodes) {
        return new Truth(
                new SourceOfTruth(),
                Subject.all().stream()
                        .collect(Collectors.toUnmodifiableMap(UnaryOperator.identity(), s -> new History(nodes))));
    }

    History history(Subject subject) {
        return Objects.requireNonNull(histories.get(subject), "no such subject");
    }

    /** Commits a change of each subject and returns their versions. */
    Map<Subject, Long> commit(Collection<Subject> subjects) {
        return subjects.stream().collect(Collectors.toMap(UnaryOperator.identity(), source::commit));
    }

    /** Records that the invalidations of versions are complete for all nodes. */
    void completed(Map<Subject, Long> versions) {
        versions.forEach((subject, version) -> history(subject).completed(version));
    }

    /** Records that the invalidations of versions have returned on a node. */
    void returned(int node, Map<Subject, Long> versions) {
        versions.forEach((subject, version) -> history(subject).returned(node, version));
    }

    /** Returns what a version in an answer stands for: itself, or the newest time that there was no row. */
    long meaning(Subject subject, long version) {
        return version == SourceOfTruth.ABSENT ? source.newestAbsence(subject) : version;
    }

    /** Returns, per subject, the newest version whose invalidation was complete for all nodes at a time. */
    long[] completeAt(List<Subject> subjects, long nanoTime) {
        return subjects.stream()
                .mapToLong(subject -> history(subject).newestBefore(nanoTime))
                .toArray();
    }

    /** Returns, per subject, the newest version whose invalidation has returned on a node. */
    long[] returnedOn(int node, List<Subject> subjects) {
        return subjects.stream()
                .mapToLong(subject -> history(subject).newestOf(node))
                .toArray();
    }
}
