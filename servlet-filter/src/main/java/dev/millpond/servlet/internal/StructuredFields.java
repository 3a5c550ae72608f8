package dev.millpond.servlet.internal;

import java.time.Duration;

/** The parts of RFC 9651 structured fields that our response fields are made of. */
public final class StructuredFields {

    /** The largest integer that a structured field may hold: 15 digits. */
    public static final long MAX_INTEGER = 999_999_999_999_999L;

    private StructuredFields() {}

    /** Returns a text as a structured String, with what such a String may not hold replaced by a question mark. */
    public static String string(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            appendTo(quoted, text.charAt(i));
        }
        return quoted.append('"').toString();
    }

    private static void appendTo(StringBuilder quoted, char c) {
        if (c == '"' || c == '\\') {
            quoted.append('\\');
        }
        quoted.append(c >= ' ' && c <= '~' ? c : '?');
    }

    /** Returns the nearest number that fits a structured Integer. */
    public static long integer(long number) {
        return Math.max(-MAX_INTEGER, Math.min(MAX_INTEGER, number));
    }

    /** Returns a duration in whole seconds, rounded up. */
    public static long secondsRoundedUp(Duration duration) {
        return integer(duration.toSeconds() + (duration.toNanosPart() > 0 ? 1 : 0));
    }

    /** Returns a duration in whole seconds, rounded down, also below zero. */
    public static long secondsRoundedDown(Duration duration) {
        return integer(duration.toSeconds());
    }
}
