package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.JobState.Status;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a job on this node so far; guarded by its owner. */
final class JobRecord {

    private final Map<Skip, Long> skips = new EnumMap<>(Skip.class);
    private long runs;
    private long failures;
    private long overruns;
    private @Nullable Result last;

    void began() {
        runs++;
    }

    void ended(Result result) {
        last = result;
        failures += result.status() == Status.FAILED ? 1 : 0;
    }

    void overrun() {
        overruns++;
    }

    void skipped(Skip reason) {
        skips.merge(reason, 1L, Long::sum);
    }

    long runs() {
        return runs;
    }

    long failures() {
        return failures;
    }

    long overruns() {
        return overruns;
    }

    Map<Skip, Long> skips() {
        return Map.copyOf(skips);
    }

    Optional<Result> last() {
        return Optional.ofNullable(last);
    }
}
