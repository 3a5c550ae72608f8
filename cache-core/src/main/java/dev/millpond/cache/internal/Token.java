package dev.millpond.cache.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names one attempt to write an entry, unique in the fleet.
 *
 * <p>A lease is the letter {@code L} and the token, with a {@code +} behind it if somebody waits; a stored value begins
 * with {@code V} and the token of the attempt that wrote it; a value that is being loaded anew begins with {@code R},
 * its node, and until when the others leave that to it. The beginning of what is stored tells whether it is still what
 * an attempt has seen.
 */
final class Token {

    static final int PREFIX_BYTES = 17;

    private final byte[] lease;

    private Token(byte[] lease) {
        this.lease = lease;
    }

    /** Returns the string that says that the entry is being loaded. */
    byte[] lease() {
        return lease.clone();
    }

    /** Returns the beginning of a value written by this attempt. */
    byte[] valuePrefix() {
        byte[] prefix = lease.clone();
        prefix[0] = 'V';
        return prefix;
    }

    static boolean isLease(byte[] stored) {
        boolean waitedFor = stored.length == PREFIX_BYTES + 1 && stored[PREFIX_BYTES] == '+';
        return (stored.length == PREFIX_BYTES || waitedFor) && stored[0] == 'L';
    }

    static boolean isValue(byte[] stored) {
        return stored.length > PREFIX_BYTES && (stored[0] == 'V' || isRefresh(stored));
    }

    /** Tells whether a beginning is that of a value which somebody has begun to load anew. */
    static boolean isRefresh(byte[] prefix) {
        return prefix.length >= PREFIX_BYTES && prefix[0] == 'R';
    }

    /** Returns until when the others leave the load to whoever has begun it, in milliseconds of the epoch. */
    static long refreshUntil(byte[] prefix) {
        return ByteBuffer.wrap(prefix).getLong(1 + Long.BYTES);
    }

    /** Returns the beginning by which stored bytes can be replaced, as long as nobody else did. */
    static byte[] prefixOf(byte[] stored) {
        return Arrays.copyOf(stored, Math.min(PREFIX_BYTES, stored.length));
    }

    /** Makes the tokens of one node; thread-safe. */
    static final class Source {

        private final long node;
        private final AtomicLong counter = new AtomicLong();

        Source(long node) {
            this.node = node;
        }

        /** Tells whether this node made the token in the beginning of what is stored. */
        boolean made(byte[] prefix) {
            return ByteBuffer.wrap(prefix).getLong(1) == node;
        }

        /** Returns the beginning of a value that this node loads anew, which the others leave to it for a while. */
        byte[] refresh(long untilMillis) {
            return ByteBuffer.allocate(PREFIX_BYTES)
                    .put((byte) 'R')
                    .putLong(node)
                    .putLong(untilMillis)
                    .array();
        }

        Token next() {
            ByteBuffer lease = ByteBuffer.allocate(PREFIX_BYTES);
            lease.put((byte) 'L').putLong(node).putLong(counter.incrementAndGet());
            return new Token(lease.array());
        }
    }
}
