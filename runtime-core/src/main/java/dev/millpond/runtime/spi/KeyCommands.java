package dev.millpond.runtime.spi;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Commands about one key, which go to Redis alone or in a batch with those of other callers; thread-safe.
 *
 * <p>Each is sent at most once; one whose script Redis had forgotten, and so has not run, is asked for again. The keys
 * of a script must all be on one server.
 *
 * <p>Calls of the same script that go together become one call, in which the script runs for one caller after the other
 * and fails for each alone. It must not change its tables {@code KEYS} and {@code ARGV}. If it has a line {@code -- For
 * each call:}, what stands before that runs once for all of them: functions, and what does not depend on the caller.
 */
public interface KeyCommands {

    /**
     * Returns the bytes at a key, or null if it does not exist.
     *
     * <p>One that holds something else counts as absent among others, and fails alone.
     */
    CompletionStage<byte @Nullable []> get(String key);

    /**
     * Stores bytes at a key.
     *
     * @param timeToLive at least 1 ms
     */
    CompletionStage<@Nullable Void> set(String key, byte[] value, Duration timeToLive);

    /** Runs a script that answers with bytes or null. */
    CompletionStage<byte @Nullable []> evalBytes(String script, List<String> keys, List<byte[]> arguments);

    /** Runs a script that answers with a number. */
    CompletionStage<Long> evalLong(String script, List<String> keys, List<byte[]> arguments);

    /** Runs a script that answers with a list of bytes and numbers. */
    CompletionStage<List<Object>> evalList(String script, List<String> keys, List<byte[]> arguments);

    /** Tells whether keys are on different servers, so that a script can work on few of them at once. */
    boolean cluster();
}
