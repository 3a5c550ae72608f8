package dev.millpond.examples.standings.web;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has Tomcat answer problem documents, where it would answer pages in HTML, to what no application gets to see. */
public final class ProblemReportValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ProblemReportValve.class);
    private static final int ERRORS = 400;
    private static final int SERVER_ERRORS = 500;

    /** Creates the valve; Tomcat does so by the name of the class. */
    public ProblemReportValve() {}

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < ERRORS || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            ProblemResponse.send(response, status, title(status), detail(status));
        } catch (IOException e) {
            log.debug("The client is gone: {}", e.toString());
        }
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            default -> status < SERVER_ERRORS ? "Request Refused" : "Internal Server Error";
        };
    }

    private static String detail(int status) {
        return status < SERVER_ERRORS
                ? "The server refuses this request. Send a well-formed request such as GET /standings/A."
                : "The answer could not be made. Try again later.";
    }
}
