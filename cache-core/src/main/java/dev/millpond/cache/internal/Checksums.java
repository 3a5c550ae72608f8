package dev.millpond.cache.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksums of a stored entry, which cover all of it but its token.
 *
 * <p>They cover the header too: a damaged flag would turn a value into an absent one, a damaged name would lose it.
 */
final class Checksums {

    /** The size of one checksum, and of two. */
    static final int ONE = Integer.BYTES;

    static final int TWO = 2 * Integer.BYTES;

    private Checksums() {}

    /** Returns a header with one checksum of itself and the payload behind it. */
    static byte[] withOne(byte[] fields, byte[] payload) {
        CRC32C checksum = new CRC32C();
        checksum.update(fields, Token.PREFIX_BYTES, fields.length - Token.PREFIX_BYTES);
        checksum.update(payload, 0, payload.length);
        return ByteBuffer.allocate(fields.length + ONE)
                .put(fields)
                .putInt((int) checksum.getValue())
                .array();
    }

    /** Returns a header with the checksum of the payload, and one of itself behind that. */
    static byte[] withTwo(byte[] fields, int payloadChecksum) {
        int end = fields.length + ONE;
        ByteBuffer out = ByteBuffer.allocate(end + ONE).put(fields).putInt(payloadChecksum);
        return out.putInt(of(out.array(), Token.PREFIX_BYTES, end)).array();
    }

    /** Tells whether the checksum behind the fields of an entry is right. */
    static boolean oneMatches(byte[] entry, int fieldsEnd) {
        int payloadAt = fieldsEnd + ONE;
        CRC32C checksum = new CRC32C();
        checksum.update(entry, Token.PREFIX_BYTES, fieldsEnd - Token.PREFIX_BYTES);
        checksum.update(entry, payloadAt, entry.length - payloadAt);
        return at(entry, fieldsEnd) == (int) checksum.getValue();
    }

    /** Tells whether the checksums behind the fields of an entry are right. */
    static boolean twoMatch(byte[] entry, int fieldsEnd) {
        return at(entry, fieldsEnd + ONE) == of(entry, Token.PREFIX_BYTES, fieldsEnd + ONE)
                && at(entry, fieldsEnd) == of(entry, fieldsEnd + TWO, entry.length);
    }

    static int at(byte[] entry, int offset) {
        return ByteBuffer.wrap(entry).getInt(offset);
    }

    static int of(byte[] bytes, int from, int to) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, to - from);
        return (int) checksum.getValue();
    }
}
