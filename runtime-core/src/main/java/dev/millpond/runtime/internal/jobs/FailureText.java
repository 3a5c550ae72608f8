package dev.millpond.runtime.internal.jobs;

/** Says what was thrown; a pure function. */
final class FailureText {

    private static final int LONGEST = 300;

    private FailureText() {}

    /** Returns class and message on one line, at most 300 characters; the class alone where there is nothing else. */
    static String of(Throwable failure) {
        String text = textOrClass(failure).replaceAll("\\p{Cntrl}", " ");
        return text.substring(0, Math.min(text.length(), LONGEST));
    }

    /** What a task throws may be of any class, also of one that fails when it is asked for its text. */
    @SuppressWarnings({"ConstantConditions", "CatchAndPrintStackTrace"})
    private static String textOrClass(Throwable failure) {
        try {
            String text = failure.toString();
            return text == null ? failure.getClass().getName() : text;
        } catch (RuntimeException | Error e) {
            return failure.getClass().getName();
        }
    }
}
