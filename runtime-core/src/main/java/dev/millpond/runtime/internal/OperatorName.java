package dev.millpond.runtime.internal;

import java.util.Objects;

/** Checks who somebody says they are, as it is stored, shown and logged. */
public final class OperatorName {

    private static final int LONGEST = 200;
    private static final String FIX = " Give the name of a person or a job, such as 'alice'.";

    private OperatorName() {}

    /**
     * Returns the name.
     *
     * @param what what they do, as the beginning of a sentence; for example {@code Who sets a switch}
     * @throws IllegalArgumentException if it is not 1 to 200 characters, or has control or formatting characters or
     *     line separators
     */
    public static String require(String what, String by) {
        Objects.requireNonNull(by, () -> what + " is null." + FIX);
        if (by.isBlank() || by.length() > LONGEST || by.codePoints().anyMatch(OperatorName::isHidden)) {
            throw new IllegalArgumentException(what + " has " + by.length() + " characters, must be 1 to " + LONGEST
                    + ", not blank and without control characters, formatting characters or line separators." + FIX);
        }
        return by;
    }

    /** What nobody sees, or what changes how the text around it looks, could make a log say something else. */
    private static boolean isHidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
