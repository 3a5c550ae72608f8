package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Commands about one key, and about many at once; each is sent when it is issued. Thread-safe. */
interface BulkCommands extends KeyCommands {

    /** Returns the bytes at keys, without those that do not exist or hold something else. */
    CompletionStage<Map<String, byte[]>> getAll(Collection<String> keys);
}
