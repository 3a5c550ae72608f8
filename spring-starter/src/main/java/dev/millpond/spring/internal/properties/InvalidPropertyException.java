package dev.millpond.spring.internal.properties;

import java.io.Serial;

/** Says which property has which value, what rule the value breaks and how to set it right. */
public final class InvalidPropertyException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String property;
    private final String problem;
    private final String fix;

    /**
     * Creates the exception.
     *
     * @param property the full name, for example {@code millpond.cache.time-to-live}
     * @param problem what it is and what it must be, as a sentence that goes on after the name of the property; never a
     *     secret
     * @param fix what to set instead
     */
    public InvalidPropertyException(String property, String problem, String fix) {
        super("Property '" + property + "' " + problem + " " + fix);
        this.property = property;
        this.problem = problem;
        this.fix = fix;
    }

    String property() {
        return property;
    }

    String problem() {
        return problem;
    }

    String fix() {
        return fix;
    }
}
