package dev.millpond.examples.boot;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers problem documents to what fails outside of controllers, such as a method that no server allows. */
@RestController
class ErrorProblems implements ErrorController {

    @RequestMapping("${spring.web.error.path:/error}")
    ProblemDetail problem(HttpServletRequest request) {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        HttpStatusCode code = status instanceof Integer known ? HttpStatusCode.valueOf(known) : HttpStatus.NOT_FOUND;
        return ProblemDetail.forStatusAndDetail(
                code,
                code.is4xxClientError()
                        ? "The server refuses this request. Send a well-formed request such as GET /standings/A."
                        : "The answer could not be made. Try again later.");
    }
}
