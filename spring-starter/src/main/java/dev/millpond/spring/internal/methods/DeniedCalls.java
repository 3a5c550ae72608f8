package dev.millpond.spring.internal.methods;

import dev.millpond.servlet.HeaderDialect;
import dev.millpond.servlet.RateLimitFilter;
import dev.millpond.spring.RateLimitExceededException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers requests whose calls were denied as the filter answers denied requests; advice with an order comes before.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE - 10)
public final class DeniedCalls {

    private final HeaderDialect dialect;

    /** Creates it. */
    public DeniedCalls(HeaderDialect dialect) {
        this.dialect = dialect;
    }

    /** Answers 429, or 503 where a tier denies all while Redis is away, with a problem document. */
    @ExceptionHandler
    public void answer(RateLimitExceededException denied, HttpServletResponse response) throws IOException {
        RateLimitFilter.deny(denied.decision(), dialect, response);
    }
}
