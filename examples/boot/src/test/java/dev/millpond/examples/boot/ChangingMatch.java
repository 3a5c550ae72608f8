package dev.millpond.examples.boot;

/**
 * A match whose score one writer changes again and again, and what may be answered about it: each score tells how many
 * changes there were. Thread-safe for one writer and many readers.
 */
final class ChangingMatch {

    private static final int GOALS = 100;

    private final int id;
    private volatile int begun;
    private volatile int answered;

    ChangingMatch(int id) {
        this.id = id;
    }

    String path() {
        return "/matches/" + id;
    }

    /** Begins the next change and returns its score. */
    String beginChange() {
        int change = begun + 1;
        begun = change;
        return score(change);
    }

    static String score(int change) {
        return "{\"homeGoals\":" + change / GOALS + ",\"awayGoals\":" + change % GOALS + "}";
    }

    /** The application has answered the change. */
    void endChange() {
        answered = begun;
    }

    int answered() {
        return answered;
    }

    /**
     * Tells whether a score may be read: it must be the latest one that was answered before the question, or a later
     * one that has begun.
     *
     * @param answeredBefore what {@link #answered()} told before the question
     */
    boolean allows(int homeGoals, int awayGoals, int answeredBefore) {
        int change = homeGoals * GOALS + awayGoals;
        return answeredBefore <= change && change <= begun;
    }

    @Override
    public String toString() {
        return "match " + id + ", change " + answered + " answered, " + begun + " begun";
    }
}
