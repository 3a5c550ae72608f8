package dev.millpond.cache.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names one attempt to write an entry, unique in the fleet.
 *
 * <p>A lease is the letter {@code L} and the token, a stored value begins with {@code V} and the token of the attempt
 * that wrote it: the beginning of what is stored tells whether it is still what an attempt has seen.
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
        return stored.length == PREFIX_BYTES && stored[0] == 'L';
    }

    static boolean isValue(byte[] stored) {
        return stored.length > PREFIX_BYTES && stored[0] == 'V';
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

        /** Tells whether this node made the token of a lease. */
        boolean made(byte[] lease) {
            return ByteBuffer.wrap(lease).getLong(1) == node;
        }

        Token next() {
            ByteBuffer lease = ByteBuffer.allocate(PREFIX_BYTES);
            lease.put((byte) 'L').putLong(node).putLong(counter.incrementAndGet());
            return new Token(lease.array());
        }
    }
}
