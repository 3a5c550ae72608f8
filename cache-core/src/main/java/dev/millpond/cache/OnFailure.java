package dev.millpond.cache;

/** What becomes of work on many keys when one of them fails. */
public enum OnFailure {
    /** The first failure ends the work. */
    FAIL,
    /** All keys are tried, and the result tells how many failed. */
    ACCUMULATE
}
