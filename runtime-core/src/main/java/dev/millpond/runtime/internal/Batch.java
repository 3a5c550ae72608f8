package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.KeyCommands;

/** Commands of several callers that go together; for one thread. */
interface Batch extends KeyCommands {

    /** Sends the commands; each is answered, or fails. */
    void send();
}
