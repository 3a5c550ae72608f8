package dev.millpond.runtime.internal;

/** Sends the calls of one group; thread-safe. */
interface CallSender {

    /** Begins a call, now or with others. */
    void begin(GroupedCall<?> call);

    /** Fails the calls that wait. */
    void close();
}
