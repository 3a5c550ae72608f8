package dev.millpond.examples.contract;

import java.net.URI;

/** An application under test, on a free port of 127.0.0.1. */
public interface RunningApplication extends AutoCloseable {

    /** Returns where it listens, for example {@code http://127.0.0.1:8080}. */
    URI uri();

    /** Stops it. */
    @Override
    void close();
}
