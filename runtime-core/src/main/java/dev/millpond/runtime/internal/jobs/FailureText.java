package dev.millpond.runtime.internal.jobs;

import org.jspecify.annotations.Nullable;

/** Says what was thrown; a pure function. */
final class FailureText {

    private static final int LONGEST = 300;

    private FailureText() {}

    /** Returns class and message on one line, at most 300 characters; the class alone where there is nothing else. */
    static String of(Throwable failure) {
        String text = textOrClass(failure).replaceAll("\\p{Cntrl}", " ");
        return text.substring(0, Math.min(text.length(), LONGEST));
    }

    /** Tells whether it can be asked for its text: what a task throws may be of any class. */
    static boolean hasText(Throwable failure) {
        return text(failure) != null;
    }

    private static String textOrClass(Throwable failure) {
        String text = text(failure);
        return text == null ? failure.getClass().getName() : text;
    }

    private static @Nullable String text(Throwable failure) {
        try {
            String unused = failure.getMessage();
            return failure.toString();
        } catch (RuntimeException | Error e) {
            return null;
        }
    }
}
