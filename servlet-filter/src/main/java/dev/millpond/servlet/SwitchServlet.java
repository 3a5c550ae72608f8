package dev.millpond.servlet;

import dev.millpond.runtime.SwitchException;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.SwitchCommand;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows operators all switches, and lets them change one, as JSON.
 *
 * <p>{@code GET} shows them. {@code POST} and {@code PUT} take an object with {@code name}, {@code mode} ("default"
 * takes back what was set), {@code scope} ({@code node} or {@code fleet}), {@code keep} if it is to hold after a
 * restart, or if what is kept is to be taken back too, and {@code by} if the request is not authenticated:
 *
 * <pre>{@code {"name": "cache:standings", "mode": "off", "scope": "fleet", "by": "alice"}}</pre>
 *
 * <p>It serves nobody whom the authoriser does not admit, and takes JSON alone, which pages of other sites cannot send
 * without being asked first. Map it to a path that strangers cannot reach, and let the rate-limit filter skip it.
 *
 * <p>Usage example: {@snippet class="dev.millpond.servlet.PlainServletSnippetTest" region="switches"}
 *
 * <p>Thread-safe. A change for the fleet waits for Redis for some seconds at most, and is answered with status 503 if
 * Redis is away. It leaves the switches open.
 */
public final class SwitchServlet extends OperatorServlet {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Switches switches;

    /**
     * Creates it.
     *
     * @param authoriser tells whether whoever sent the request may see and change switches; thread-safe
     * @throws NullPointerException if one of them is null
     */
    public SwitchServlet(Switches switches, Predicate<HttpServletRequest> authoriser) {
        super("switch", List.of("name", "mode", "scope", "keep", "by"), authoriser);
        this.switches =
                Objects.requireNonNull(switches, "Switch servlet: switches are null. Give the application's Switches.");
    }

    @Override
    Map<String, Object> read() {
        return Map.of(
                "switches",
                switches.states().stream().map(SwitchCommand::describe).toList());
    }

    @Override
    Map<String, Object> change(Map<String, String> command, @Nullable String by) throws RefusedException {
        SwitchCommand change = new SwitchCommand(
                command.get("name"), command.get("mode"), command.get("scope"), command.get("keep"), by);
        try {
            return SwitchCommand.describe(change.apply(switches));
        } catch (SwitchException e) {
            throw new RefusedException(HttpServletResponse.SC_SERVICE_UNAVAILABLE, e);
        }
    }
}
