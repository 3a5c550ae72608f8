package dev.millpond.spring;

/** What becomes of requests with an API key that nobody has. */
public enum UnknownKeys {
    /** They are counted by their address, in the default tier, and served. */
    BY_ADDRESS,
    /** They are counted by their address and refused with status 401. */
    REFUSE
}
