package dev.millpond.cache.oracle;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The database behind the caches: a version per subject, which only grows; thread-safe.
 *
 * <p>Every fifth version of a row, the first included, says that there is no row.
 */
final class SourceOfTruth {

    /** Stands for a row that was not there, in values that were made from it. */
    static final long ABSENT = 0;

    private static final int ABSENT_EVERY = 5;

    private final Map<Subject, AtomicLong> versions =
            Subject.all().stream().collect(Collectors.toUnmodifiableMap(subject -> subject, s -> new AtomicLong()));

    /** Commits a change and returns its version. */
    long commit(Subject subject) {
        return version(subject).incrementAndGet();
    }

    /** Returns the newest committed version. */
    long latest(Subject subject) {
        return version(subject).get();
    }

    /** Returns the version of a row, or null if there is none at the moment. */
    @Nullable
    Long row(Subject subject) {
        long latest = latest(subject);
        return isAbsence(latest) ? null : latest;
    }

    /** Returns the version of a row, or {@link #ABSENT}. */
    long rowOrAbsent(Subject subject) {
        Long row = row(subject);
        return row == null ? ABSENT : row;
    }

    static boolean isAbsence(long version) {
        return version % ABSENT_EVERY == 0;
    }

    /** Returns the newest version that an absent row can stand for. */
    long newestAbsence(Subject subject) {
        long latest = latest(subject);
        return latest - latest % ABSENT_EVERY;
    }

    private AtomicLong version(Subject subject) {
        AtomicLong version = versions.get(subject);
        if (version == null) {
            throw new IllegalArgumentException("There is no " + subject + ".");
        }
        return version;
    }
}
