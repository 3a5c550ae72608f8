package dev.millpond.testkit;

import java.time.Duration;

/**
 * The ways in which a network breaks, for one connection path or many at once.
 *
 * <p>Each fault replaces the one before and acts on open and on new connections; {@link #restore()} ends it.
 * Implementations are thread-safe.
 */
public sealed interface NetworkFaults extends AutoCloseable permits FaultProxy, FaultProxies {

    /** Resets all connections once; new ones work as before. */
    void cut();

    /** Resets all connections and refuses new ones, as a killed server does. */
    void refuse();

    /**
     * Delivers every answer of the server later, as a slow network or a busy server does.
     *
     * @param delay by how much at least; an answer that arrives while another one waits takes up to twice as long
     * @throws IllegalArgumentException if the delay is negative
     */
    void delay(Duration delay);

    /**
     * Accepts connections and swallows every byte in both directions, as a firewall that drops packets does.
     *
     * <p>{@link #restore()} resets the connections that lost bytes.
     */
    void blackhole();

    /**
     * Delivers requests to the server, but no answers and no end of the connection to the client.
     *
     * <p>{@link #restore()} delivers the answers that waited.
     */
    void halfOpen();

    /** Ends the fault; connections that lost bytes are reset, the others go on. */
    void restore();

    /** Resets all connections and frees ports and threads; this cannot be used again. */
    @Override
    void close();
}
