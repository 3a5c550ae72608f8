package dev.millpond.servlet;

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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows operators something, and lets them change it, as JSON: {@code GET} shows, {@code POST} and {@code PUT} change.
 *
 * <p>It serves nobody whom the authoriser does not admit, and takes JSON alone, which pages of other sites cannot send
 * without being asked first. Thread-safe.
 */
abstract class OperatorServlet extends HttpServlet {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_BODY = 4_096;
    private static final int TOO_LARGE = 413;

    private final String subject;
    private final transient List<String> members;
    private final transient Predicate<HttpServletRequest> authoriser;

    /**
     * Creates it.
     *
     * @param subject what the servlet is for, for messages: "switch" for the switch servlet
     * @param members the names of what a change may say; the last is {@code by}
     */
    OperatorServlet(String subject, List<String> members, Predicate<HttpServletRequest> authoriser) {
        this.subject = subject;
        this.members = members;
        this.authoriser = Objects.requireNonNull(
                authoriser,
                () -> subject.substring(0, 1).toUpperCase(Locale.ROOT) + subject.substring(1)
                        + " servlet: authoriser is null. Say who may change what it shows, for example request ->"
                        + " request.isUserInRole(\"operator\").");
    }

    /** Returns what there is to see. */
    abstract Map<String, Object> read();

    /**
     * Makes a change, and returns its result.
     *
     * @param command what to do, by name
     * @param by who asks for it; null if nobody knows
     * @throws IllegalArgumentException if something is missing or wrong
     * @throws RefusedException if it is not done, or nobody knows whether it was
     */
    abstract Map<String, Object> change(Map<String, String> command, @Nullable String by) throws RefusedException;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (admitted(request, response)) {
            send(response, HttpServletResponse.SC_OK, read());
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
                    "The authoriser of the " + subject
                            + " servlet does not admit this request. Send the credentials that it asks for.");
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
            Map<String, String> command = command(new String(body, StandardCharsets.UTF_8));
            send(response, HttpServletResponse.SC_OK, change(command, by(command, request.getUserPrincipal())));
        } catch (IllegalArgumentException e) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            refuse(response, e.status, String.valueOf(e.getMessage()));
        }
    }

    private Map<String, String> command(String body) {
        Map<String, String> command = FlatJson.read(body);
        command.keySet().stream()
                .filter(name -> !members.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("Property '" + name + "' does not exist. Send "
                            + String.join(", ", members.subList(0, members.size() - 1)) + " and by.");
                });
        return command;
    }

    /** Whoever is authenticated cannot say to be somebody else. */
    private static @Nullable String by(Map<String, String> command, @Nullable Principal user) {
        return user != null ? user.getName() : command.get("by");
    }

    private static void refuse(HttpServletResponse response, int status, String error) throws IOException {
        send(response, status, Map.of("error", error));
    }

    private static void send(HttpServletResponse response, int status, Map<String, Object> answer) throws IOException {
        JsonBody.send(response, status, "application/json", Json.of(answer));
    }

    /** Says that a change was not made, or that nobody knows. */
    static final class RefusedException extends Exception {

        @Serial
        private static final long serialVersionUID = 1L;

        private final int status;

        RefusedException(int status, RuntimeException refusal) {
            super(refusal.getMessage(), refusal);
            this.status = status;
        }
    }
}
