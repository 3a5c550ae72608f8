package dev.millpond.spring.internal.endpoint;

import dev.millpond.runtime.SwitchException;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.SwitchCommand;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Shows operators all switches, and lets them change one; thread-safe.
 *
 * <p>To be exposed is not enough for what changes anything: that needs unrestricted access.
 */
@WebEndpoint(id = "millpondswitches", defaultAccess = Access.READ_ONLY)
public final class SwitchEndpoint {

    private final Switches switches;

    /** Creates it; the switches stay open. */
    public SwitchEndpoint(Switches switches) {
        this.switches = switches;
    }

    /** Returns how all switches are on this node, and who set them. */
    @ReadOperation
    public Map<String, Object> read() {
        return Map.of(
                "switches",
                switches.states().stream().map(SwitchCommand::describe).toList());
    }

    /** Changes a switch, and tells how it is then; whoever is authenticated cannot say to be somebody else. */
    @WriteOperation
    public WebEndpointResponse<Map<String, Object>> change(
            SecurityContext security,
            @Nullable String name,
            @Nullable String mode,
            @Nullable String scope,
            @Nullable String keep,
            @Nullable String by) {
        @Nullable Principal user = security.getPrincipal();
        try {
            SwitchCommand command = new SwitchCommand(name, mode, scope, keep, user != null ? user.getName() : by);
            return new WebEndpointResponse<>(SwitchCommand.describe(command.apply(switches)));
        } catch (IllegalArgumentException e) {
            return Refusals.of(e, WebEndpointResponse.STATUS_BAD_REQUEST);
        } catch (SwitchException e) {
            return Refusals.of(e, WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }
}
