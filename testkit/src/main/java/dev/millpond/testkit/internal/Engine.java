package dev.millpond.testkit.internal;

/** What runs a server: a process or a container. */
interface Engine {

    String host();

    int port();

    /** Starts the server, empty; it need not answer yet. */
    void start();

    /** Ends the server without a chance to say goodbye. */
    void kill();

    /** Stops every thread of the server; the system still accepts connections for it. */
    void freeze();

    /** Undoes {@link #freeze}. */
    void thaw();

    boolean alive();

    /** Returns what the server printed, for an error message. */
    String output();
}
