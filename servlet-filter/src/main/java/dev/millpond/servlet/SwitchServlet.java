package dev.millpond.servlet;

import dev.millpond.runtime.SwitchException;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.SwitchCommand;
import dev.millpond.servlet.internal.FlatJson;
import dev.millpond.servlet.internal.Json;
import dev.millpond.servlet.internal.JsonBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
public final class SwitchServlet extends HttpServlet {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_BODY = 4_096;
    private static final int TOO_LARGE = 413;
    private static final Set<String> MEMBERS = Set.of("name", "mode", "scope", "keep", "by");

    private final transient Switches switches;
    private final transient Predicate<HttpServletRequest> authoriser;

    /**
     * Creates it.
     *
     * @param authoriser tells whether whoever sent the request may see and change switches; thread-safe
     * @throws NullPointerException if one of them is null
     */
    public SwitchServlet(Switches switches, Predicate<HttpServletRequest> authoriser) {
        this.switches =
                Objects.requireNonNull(switches, "Switch servlet: switches are null. Give the application's Switches.");
        this.authoriser = Objects.requireNonNull(
                authoriser,
                "Switch servlet: authoriser is null. Say who may change switches, for example"
                        + " request -> request.isUserInRole(\"operator\").");
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (admitted(request, response)) {
            send(
                    response,
                    HttpServletResponse.SC_OK,
                    Map.of(
                            "switches",
                            switches.states().stream()
                                    .map(SwitchCommand::describe)
                                    .toList()));
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (admitted(request, response) && isJson(request, response)) {
            change(request, response);
        }
    }

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        doPost(request, response);
    }

    private boolean admitted(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean admitted = authoriser.test(request);
        if (!admitted) {
            refuse(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    "The authoriser of the switch servlet does not admit this request. Send the credentials that it"
                            + " asks for.");
        }
        return admitted;
    }

    private static boolean isJson(HttpServletRequest request, HttpServletResponse response) throws IOException {
        @Nullable String type = request.getContentType();
        boolean json = type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
        if (!json) {
            refuse(
                    response,
                    HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE,
                    "The body must be JSON. Send the field 'Content-Type: application/json'.");
        }
        return json;
    }

    private void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            refuse(response, TOO_LARGE, "The body has more than " + LONGEST_BODY + " bytes. Send one change.");
            return;
        }
        try {
            SwitchCommand command = command(new String(body, StandardCharsets.UTF_8), request.getUserPrincipal());
            send(response, HttpServletResponse.SC_OK, SwitchCommand.describe(command.apply(switches)));
        } catch (IllegalArgumentException e) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (SwitchException e) {
            refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    /** Whoever is authenticated cannot say to be somebody else. */
    private static SwitchCommand command(String body, @Nullable Principal user) {
        Map<String, String> members = FlatJson.read(body);
        members.keySet().stream()
                .filter(name -> !MEMBERS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "Property '" + name + "' does not exist. Send name, mode, scope, keep" + " and by.");
                });
        return new SwitchCommand(
                members.get("name"),
                members.get("mode"),
                members.get("scope"),
                members.get("keep"),
                user != null ? user.getName() : members.get("by"));
    }

    private static void refuse(HttpServletResponse response, int status, String error) throws IOException {
        send(response, status, Map.of("error", error));
    }

    private static void send(HttpServletResponse response, int status, Map<String, Object> answer) throws IOException {
        JsonBody.send(response, status, "application/json", Json.of(answer));
    }
}
