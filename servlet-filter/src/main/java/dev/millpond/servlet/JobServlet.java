package dev.millpond.servlet;

import dev.millpond.runtime.JobException;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.spi.JobCommand;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Serial;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows operators all jobs, and lets them run, cancel, pause or move one, as JSON.
 *
 * <p>{@code GET} shows them: when each is due, how far it is, how it ended last, and how often it was left out.
 * {@code POST} and {@code PUT} take an object with {@code name}, {@code action} ({@code run} or {@code cancel} on this
 * node, {@code pause}, {@code resume} or {@code offset} for the fleet), {@code offset} for that action (a duration such
 * as {@code PT15S}, or {@code default}), and {@code by} if the request is not authenticated:
 *
 * <pre>{@code {"name": "refresh:standings", "action": "pause", "by": "alice"}}</pre>
 *
 * <p>It serves nobody whom the authoriser does not admit, and takes JSON alone, which pages of other sites cannot send
 * without being asked first. Map it to a path that strangers cannot reach, and let the rate-limit filter skip it.
 *
 * <p>Thread-safe. What is not done, for example since the job is running, is answered with status 409, and with 503 if
 * Redis is away. It leaves the jobs open.
 */
public final class JobServlet extends OperatorServlet {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Jobs jobs;
    private final transient InstantSource clock = InstantSource.system();

    /**
     * Creates it.
     *
     * @param authoriser tells whether whoever sent the request may see and change jobs; thread-safe
     * @throws NullPointerException if one of them is null
     */
    public JobServlet(Jobs jobs, Predicate<HttpServletRequest> authoriser) {
        super("job", List.of("name", "action", "offset", "by"), authoriser);
        this.jobs = Objects.requireNonNull(jobs, "Job servlet: jobs are null. Give the application's Jobs.");
    }

    @Override
    Map<String, Object> read() {
        Instant now = clock.instant();
        return Map.of(
                "jobs",
                jobs.states().stream()
                        .map(state -> JobCommand.describe(state, now))
                        .toList());
    }

    @Override
    Map<String, Object> change(Map<String, String> command, @Nullable String by) throws RefusedException {
        JobCommand change = new JobCommand(command.get("name"), command.get("action"), command.get("offset"), by);
        try {
            return JobCommand.describe(change.apply(jobs), clock.instant());
        } catch (JobException e) {
            int status = JobCommand.isConflict(e)
                    ? HttpServletResponse.SC_CONFLICT
                    : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            throw new RefusedException(status, e);
        }
    }
}
