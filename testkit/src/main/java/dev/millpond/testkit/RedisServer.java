package dev.millpond.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis that a test talks to and, if it is {@linkplain #controllable() controllable}, breaks.
 *
 * <p>Get one from {@link RedisExtension}. Every test class of one JVM shares it. Thread-safe, but a test that stops or
 * pauses the server does so to every test that runs at the same time.
 */
public interface RedisServer {

    /** Returns the host, for example {@code 127.0.0.1}. */
    String host();

    /** Returns the port; it stays the same over {@link #stop()} and {@link #start()}. */
    int port();

    /** Returns the URL to connect to, for example {@code redis://127.0.0.1:16379}. */
    String url();

    /**
     * Tells whether this server can be stopped and paused; false for one named by {@code MILLPOND_TEST_REDIS}, which
     * belongs to somebody else.
     */
    boolean controllable();

    /**
     * Starts the server, empty and on its old port, and waits until it answers; does nothing if it runs.
     *
     * @throws IllegalStateException if the server is not controllable, or did not answer within 10 s
     */
    void start();

    /**
     * Kills the server without a chance to say goodbye; does nothing if it does not run.
     *
     * @throws IllegalStateException if the server is not controllable
     */
    void stop();

    /**
     * Stops and starts the server; it is empty afterwards.
     *
     * @throws IllegalStateException if the server is not controllable, or did not answer within 10 s
     */
    default void restart() {
        stop();
        start();
    }

    /**
     * Freezes the server: connections stay open and new ones are accepted by the system, but nothing is answered. Does
     * nothing if it is frozen.
     *
     * @throws IllegalStateException if the server is not controllable or does not run
     */
    void pause();

    /**
     * Lets a frozen server go on, with everything that was sent to it meanwhile; does nothing if it is not frozen.
     *
     * @throws IllegalStateException if the server is not controllable
     */
    void resume();

    /**
     * Deletes every key: of all databases, or, if the server is not controllable, of the database that its URL names.
     */
    void flush();

    /**
     * Sends one command on a connection of its own and returns the answer.
     *
     * @param words the command and its arguments, for example {@code "GET", "key"}
     * @return a {@code String} (bytes read as UTF-8), a {@code Long}, a {@link List} of such answers, or null for a
     *     missing value
     * @throws IllegalStateException if Redis answered with an error
     * @throws java.io.UncheckedIOException if Redis gave no answer within 5 s
     */
    @Nullable
    Object command(String... words);
}
