package dev.millpond.cache.internal.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many keys of a cache are read at once, by how large its values are.
 *
 * <p>The estimate rises at once and falls slowly: a part that is too large is lost, one that is too small costs little.
 *
 * @param bytesPerValue the estimate; at least 1
 */
record PartSize(long bytesPerValue) {

    /** Of values of this size, as many as applications often read at once are one part. */
    static final PartSize INITIAL = ofKeys(100);

    private static final int SHARE_KEPT_AFTER_TIMEOUT = 4;
    private static final int SHARE_FORGOTTEN_PER_ANSWER = 4;

    /** The length of a lease that is waited for, which says nothing of values. */
    private static final int LONGEST_LEASE = 18;

    private static PartSize ofKeys(int keys) {
        return new PartSize(Parts.MOST_BYTES / Math.max(1, keys));
    }

    /** Returns how many keys to read at once. */
    int keys() {
        return (int) Math.max(1, Math.min(Parts.MOST_AT_ONCE, Parts.MOST_BYTES / bytesPerValue));
    }

    /** Returns the size after these were read or stored. */
    PartSize after(List<byte @Nullable []> values) {
        long bytes = 0;
        long count = 0;
        for (byte[] value : values) {
            if (value != null && value.length > LONGEST_LEASE) {
                bytes += value.length;
                count++;
            }
        }
        // Where nothing is found, nothing is known, as at first.
        long found = count == 0 ? Math.min(bytesPerValue, INITIAL.bytesPerValue) : bytes / count;
        return new PartSize(Math.max(found, bytesPerValue - bytesPerValue / SHARE_FORGOTTEN_PER_ANSWER));
    }

    /** Returns the size after so many keys were asked for and the answer was not there in time. */
    PartSize afterTimeout(int keys) {
        return keys == 1 ? this : largerOf(ofKeys(keys / SHARE_KEPT_AFTER_TIMEOUT));
    }

    private PartSize largerOf(PartSize other) {
        return new PartSize(Math.max(bytesPerValue, other.bytesPerValue));
    }
}
