package dev.millpond.spring.internal.properties;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the key of a request is looked for.
 *
 * @param kind the kind of place
 * @param header the name of the header field; empty for other kinds
 */
public record ClientKeySource(Kind kind, String header) {

    /** The kinds of places. */
    public enum Kind {
        /** A header field of its own. */
        HEADER,
        /** The bearer token of {@code Authorization}. */
        BEARER,
        /** The name of the authenticated user. */
        PRINCIPAL
    }

    private static final String HEADER = "header:";
    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final String FIX = "Use for example 'header:X-API-Key'.";

    /**
     * Checks that there are sources, and that they can be read.
     *
     * @throws InvalidPropertyException if that is not so
     */
    public static void checkAll(String property, List<String> sources) {
        if (sources.isEmpty()) {
            throw new InvalidPropertyException(property, "is empty, must name at least one source.", FIX);
        }
        sources.forEach(source -> parse(property, source));
    }

    /**
     * Reads a source.
     *
     * @throws InvalidPropertyException if there is no such source
     */
    public static ClientKeySource parse(String property, String source) {
        if (source.startsWith(HEADER) && source.length() > HEADER.length()) {
            return new ClientKeySource(Kind.HEADER, fieldName(property, source));
        }
        return switch (source) {
            case "bearer" -> new ClientKeySource(Kind.BEARER, "");
            case "principal" -> new ClientKeySource(Kind.PRINCIPAL, "");
            default ->
                throw new InvalidPropertyException(
                        property,
                        "has the source '" + source + "', must be 'header:NAME', 'bearer' or 'principal'.",
                        FIX);
        };
    }

    /** A name that no field can have would make every client anonymous, in silence. */
    private static String fieldName(String property, String source) {
        String name = source.substring(HEADER.length());
        if (!FIELD_NAME.matcher(name).matches()) {
            throw new InvalidPropertyException(
                    property,
                    "has the source '" + source + "', but no request field can be named '" + name
                            + "': must be letters, digits and hyphens, or other characters that RFC 9110 allows in a"
                            + " name.",
                    FIX);
        }
        return name;
    }
}
