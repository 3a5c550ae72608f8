package dev.millpond.spring.internal.endpoint;

import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.spi.JobCommand;
import java.security.Principal;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Shows operators all jobs, and lets them run, cancel, pause or move one; thread-safe.
 *
 * <p>To be exposed is not enough for what changes anything: that needs unrestricted access.
 */
@WebEndpoint(id = "millpondjobs", defaultAccess = Access.READ_ONLY)
public final class JobEndpoint {

    private static final int STATUS_CONFLICT = 409;

    private final Jobs jobs;
    private final InstantSource clock = InstantSource.system();

    /** Creates it; the jobs stay open. */
    public JobEndpoint(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Returns how all jobs are on this node. */
    @ReadOperation
    public Map<String, Object> read() {
        return Map.of("jobs", jobs.states().stream().map(this::describe).toList());
    }

    /** Returns how one job is on this node. */
    @ReadOperation
    public WebEndpointResponse<Map<String, Object>> readOne(@Selector String name) {
        return answer(() -> jobs.state(name), WebEndpointResponse.STATUS_NOT_FOUND);
    }

    /** Does one thing, and tells how the job is then; whoever is authenticated cannot say to be somebody else. */
    @WriteOperation
    public WebEndpointResponse<Map<String, Object>> act(
            SecurityContext security,
            @Nullable String name,
            @Nullable String action,
            @Nullable String offset,
            @Nullable String by) {
        @Nullable Principal user = security.getPrincipal();
        JobCommand command = new JobCommand(name, action, offset, user != null ? user.getName() : by);
        return answer(() -> command.apply(jobs), WebEndpointResponse.STATUS_BAD_REQUEST);
    }

    private WebEndpointResponse<Map<String, Object>> answer(Supplier<JobState> operation, int statusIfWrong) {
        try {
            return new WebEndpointResponse<>(describe(operation.get()));
        } catch (IllegalArgumentException e) {
            return Refusals.of(e, statusIfWrong);
        } catch (JobException e) {
            return Refusals.of(
                    e, JobCommand.isConflict(e) ? STATUS_CONFLICT : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }

    private Map<String, Object> describe(JobState state) {
        return JobCommand.describe(state, clock.instant());
    }
}
