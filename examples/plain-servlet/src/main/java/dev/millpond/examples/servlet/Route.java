package dev.millpond.examples.servlet;

import dev.millpond.examples.standings.Answer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.sql.SQLException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Which method and path a handler answers.
 *
 * @param method such as {@code GET}
 * @param path matches the decoded path; its groups are the handler's variables
 * @param handler makes the answer
 */
record Route(String method, Pattern path, Handler handler) {

    static Route get(String path, Handler handler) {
        return new Route("GET", Pattern.compile(path), handler);
    }

    static Route put(String path, Handler handler) {
        return new Route("PUT", Pattern.compile(path), handler);
    }

    boolean hasMethod(String other) {
        return method.equals(other) || (method.equals("GET") && other.equals("HEAD"));
    }

    /** Makes the answer to a request. */
    @FunctionalInterface
    interface Handler {
        Answer<?> handle(MatchResult path, HttpServletRequest request) throws IOException, SQLException;
    }
}
