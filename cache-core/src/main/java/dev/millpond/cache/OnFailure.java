package dev.millpond.cache;

/** What becomes of work on many keys when one of its loads fails. */
public enum OnFailure {
    /** The others go on; failures are counted. */
    ACCUMULATE,
    /** The work ends with the first failure. */
    FAIL
}
