package dev.millpond.examples.servlet;

import dev.millpond.examples.standings.InvalidInputException;
import dev.millpond.examples.standings.NotFoundException;
import dev.millpond.examples.standings.StandingsService;
import dev.millpond.examples.standings.web.MatchId;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole API over the standings service; thread-safe. */
final class StandingsServlet extends HttpServlet {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final Logger log = LoggerFactory.getLogger(StandingsServlet.class);

    private final transient List<Route> routes;

    StandingsServlet(StandingsService service) {
        this.routes = List.of(
                Route.get("/standings/([^/]+)", (path, request) -> service.standings(path.group(1))),
                Route.get(
                        "/teams/([^/]+)/h2h/([^/]+)",
                        (path, request) -> service.headToHead(path.group(1), path.group(2))),
                Route.get("/matches/([^/]+)", (path, request) -> service.match(MatchId.parse(path.group(1)))),
                Route.put(
                        "/matches/([^/]+)",
                        (path, request) -> service.correct(MatchId.parse(path.group(1)), Json.readScore(request))));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            dispatch(request, response);
        } catch (NotFoundException e) {
            Problem.notFound(String.valueOf(e.getMessage())).send(response);
        } catch (InvalidInputException e) {
            Problem.badRequest(String.valueOf(e.getMessage())).send(response);
        } catch (SQLException | RuntimeException e) {
            log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
            Problem.internal().send(response);
        }
    }

    private void dispatch(HttpServletRequest request, HttpServletResponse response) throws IOException, SQLException {
        for (Route route : routes) {
            Matcher path = route.path().matcher(request.getServletPath());
            if (route.hasMethod(request.getMethod()) && path.matches()) {
                Json.write(response, "application/json", route.handler().handle(path, request));
                return;
            }
        }
        refuse(request, response);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String methods = routes.stream()
                .filter(route -> route.path().matcher(request.getServletPath()).matches())
                .map(Route::method)
                .collect(Collectors.joining(", "));
        if (methods.isEmpty()) {
            throw new NotFoundException("There is nothing at " + request.getServletPath() + ". Try /standings/A.");
        }
        response.setHeader("Allow", methods);
        Problem.methodNotAllowed(methods).send(response);
    }
}
