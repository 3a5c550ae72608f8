package dev.millpond.runtime;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What somebody said about a switch; immutable.
 *
 * @param mode empty if it was taken back, so that it says nothing any more
 * @param by who said it, by their own account
 * @param at when, by the clock of the node that was told
 * @param kept whether it holds after a restart
 */
public record SwitchSetting(Optional<SwitchMode> mode, String by, Instant at, boolean kept) {

    private static final int LONGEST_NAME = 200;
    private static final String FIX = " Give the name of a person or a job, such as 'alice'.";

    /**
     * Checks who said it.
     *
     * @throws IllegalArgumentException if that is not 1 to 200 characters, or has control or formatting characters or
     *     line separators
     */
    public SwitchSetting {
        Objects.requireNonNull(by, "Who sets a switch is null." + FIX);
        if (by.isBlank() || by.length() > LONGEST_NAME || by.codePoints().anyMatch(SwitchSetting::isHidden)) {
            throw new IllegalArgumentException("Who sets a switch has " + by.length() + " characters, must be 1 to "
                    + LONGEST_NAME
                    + ", not blank and without control characters, formatting characters or line separators." + FIX);
        }
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
