package dev.millpond.spring.internal.methods;

import java.io.Serial;
import java.lang.reflect.Method;

/** Says what is wrong with a {@link dev.millpond.spring.RateLimited} annotation. */
final class InvalidRateLimitedException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String fix;

    InvalidRateLimitedException(Method method, String problem, String fix) {
        this("@RateLimited of " + LimitedMethod.describe(method) + " " + problem, fix);
    }

    private InvalidRateLimitedException(String problem, String fix) {
        super(problem + " " + fix);
        this.problem = problem;
        this.fix = fix;
    }

    String problem() {
        return problem;
    }

    String fix() {
        return fix;
    }
}
