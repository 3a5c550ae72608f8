package dev.millpond.cache.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The second level: byte strings with a compare-and-set on their beginning.
 *
 * <p>The first 17 bytes of a stored string name the attempt that wrote it, so that a store after an invalidation cannot
 * succeed: losing a key for any reason makes the comparison fail. Thread-safe. Every method throws
 * {@link dev.millpond.runtime.spi.RedisUnavailableException} if there is no answer in time; a call that threw may still
 * take effect later.
 *
 * <p>A call may be carried out twice, and then has the effect and the answer of one: {@link #getOrLease} takes its own
 * lease for stored now, {@link #putIf} what begins with the 17 bytes of its own value or lease, {@link #replaceHeaders}
 * what begins with those of its own value, and {@link #replacePrefixes} what begins as it is to begin.
 *
 * <p>What takes many keys needs one round trip per node, or several if one would take long for all of them.
 */
public interface CacheStore {

    /**
     * Returns what is stored, or null. Something else than a string, as another program may leave, may be null or an
     * empty one.
     */
    byte @Nullable [] get(String key);

    /**
     * Returns what is stored under each key, in their order, with null where there is nothing. Something else than a
     * string may be null or an empty one.
     */
    List<byte @Nullable []> getAll(List<String> keys);

    /**
     * Returns what is stored, or stores the lease.
     *
     * @return null if the lease is now stored; an empty string for something else than a string
     */
    byte @Nullable [] getOrLease(String key, byte[] lease, Duration leaseTime);

    /** Does {@link #getOrLease} for each key with the lease at the same place. */
    List<byte @Nullable []> getOrLeaseAll(List<String> keys, List<byte[]> leases, Duration leaseTime);

    /**
     * Replaces what is stored if it begins with the expected bytes; no bytes at all are expected of an empty string and
     * of something else than a string.
     *
     * @return false if it does not, or nothing is stored
     */
    boolean putIf(ConditionalPut put);

    /** Does {@link #putIf} for each; the answers are in the same order. */
    List<Boolean> putAllIf(List<ConditionalPut> puts);

    /**
     * Replaces as many of the first bytes as each change has, where what is stored begins as expected and has no fewer
     * bytes, leaves the rest, and begins a new time to live.
     *
     * @return answers in the same order; false where something else is stored, or nothing
     */
    List<Boolean> replaceHeaders(List<ConditionalPut> headers);

    /** Stores bytes, whatever is there. */
    void put(String key, byte[] bytes, Duration timeToLive);

    /** Does {@link #put} for each, in their order. */
    void putAll(List<Put> puts);

    /**
     * Removes what is stored where it begins with the expected bytes, without waiting; the stage completes when that is
     * decided.
     */
    CompletionStage<?> dropAllIf(List<ConditionalDrop> drops);

    /** Removes keys without waiting; the stage completes when they are gone. */
    CompletionStage<?> remove(Collection<String> keys);

    /**
     * Changes the beginnings of what is stored, where they are as expected, and leaves the rest and the time to live;
     * without waiting. The answers are in the same order, false where something else is stored, or nothing.
     */
    CompletionStage<List<Boolean>> replacePrefixes(List<PrefixChange> changes);

    /**
     * Tells a listener of keys that were waited for and have changed, on any node.
     *
     * <p>A key is waited for when {@link #getOrLease} has answered somebody with a lease, and has changed when that
     * lease was replaced or dropped. This is a hint and may get lost; it only makes a wait shorter.
     *
     * @param listener is given the key, on a thread that it must not block
     */
    default void onRelease(Consumer<String> listener) {}

    /**
     * A string to store.
     *
     * @param key the key
     * @param bytes the string
     * @param timeToLive when it expires; at least 1 ms
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Put(String key, byte[] bytes, Duration timeToLive) {}

    /**
     * A replacement of a string that begins with known bytes, or of its beginning.
     *
     * @param key the key
     * @param expectedPrefix what the stored string must begin with
     * @param bytes the new string, or its beginning
     * @param timeToLive when it expires; at least 1 ms
     */
    @SuppressWarnings("ArrayRecordComponent")
    record ConditionalPut(String key, byte[] expectedPrefix, byte[] bytes, Duration timeToLive) {}

    /**
     * A removal of a string that begins with known bytes.
     *
     * @param key the key
     * @param expectedPrefix what the stored string must begin with
     */
    @SuppressWarnings("ArrayRecordComponent")
    record ConditionalDrop(String key, byte[] expectedPrefix) {}

    /**
     * A change of the beginning of a string.
     *
     * @param key the key
     * @param expectedPrefix what the stored string must begin with
     * @param prefix what it begins with afterwards; as long as the expected one
     */
    @SuppressWarnings("ArrayRecordComponent")
    record PrefixChange(String key, byte[] expectedPrefix, byte[] prefix) {}
}
