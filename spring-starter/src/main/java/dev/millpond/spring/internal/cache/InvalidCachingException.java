package dev.millpond.spring.internal.cache;

import java.io.Serial;
import java.lang.reflect.Method;

/** Says what is wrong with the caching annotations of an application. */
final class InvalidCachingException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String fix;

    private InvalidCachingException(String problem, String fix) {
        super(problem + " " + fix);
        this.problem = problem;
        this.fix = fix;
    }

    /** Returns that two methods use one cache for values of different types. */
    static InvalidCachingException conflictingTypes(String cache, ValueType one, ValueType other) {
        return new InvalidCachingException(
                "Cache '" + cache + "' is used for values of different types, by " + one.describe() + " and by "
                        + other.describe()
                        + ". What is stored in Redis is read as the type that a method declares, so one cache can have"
                        + " only one.",
                "Give one of the methods a cache of its own, for example '" + cache + "." + other.methodName() + "'.");
    }

    /** Returns that an expression of an annotation cannot be read. */
    static InvalidCachingException expression(String attribute, String expression, Method method, Exception cause) {
        InvalidCachingException invalid = new InvalidCachingException(
                attribute + " of " + method.getDeclaringClass().getName() + "." + method.getName() + " is '"
                        + expression + "', which is not an expression: " + cause.getMessage() + ".",
                "Correct it; the language is described in Spring's reference, 'Spring Expression Language'.");
        invalid.initCause(cause);
        return invalid;
    }

    String problem() {
        return problem;
    }

    String fix() {
        return fix;
    }
}
