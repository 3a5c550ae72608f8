package dev.millpond.spring.internal.cache;

import java.io.Serial;

/** Says that two methods use one cache for values of different types. */
final class ConflictingTypesException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String fix;

    ConflictingTypesException(String cache, ValueType one, ValueType other) {
        this(
                "Cache '" + cache + "' is used for values of different types, by " + one.describe() + " and by "
                        + other.describe()
                        + ". What is stored in Redis is read as the type that a method declares, so one cache can have"
                        + " only one.",
                "Give one of the methods a cache of its own, for example '" + cache + "." + other.methodName() + "'.");
    }

    private ConflictingTypesException(String problem, String fix) {
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
