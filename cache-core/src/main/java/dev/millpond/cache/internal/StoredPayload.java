package dev.millpond.cache.internal;

/**
 * The payload of one stored entry, as far as it must be known to write another header in front of it.
 *
 * <p>Each reading of an entry makes one, and what is not the same object may be another payload.
 */
final class StoredPayload {

    private final int flags;
    private final int checksum;
    private final int offset;

    /**
     * Creates it.
     *
     * @param flags how it was written
     * @param checksum its CRC-32C
     * @param offset where it begins in its entry
     */
    StoredPayload(int flags, int checksum, int offset) {
        this.flags = flags;
        this.checksum = checksum;
        this.offset = offset;
    }

    int flags() {
        return flags;
    }

    int checksum() {
        return checksum;
    }

    int offset() {
        return offset;
    }
}
