package dev.millpond.cache.internal;

import dev.millpond.cache.internal.HeaderFormat.Fields;
import dev.millpond.cache.internal.HeaderFormat.Header;
import dev.millpond.cache.spi.ValueCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of an entry, versions 1 and 2, big endian.
 *
 * <pre>
 *  0      type 'V'                     22-29  created at, ms of the epoch
 *  1-16   token of the writing attempt 30-33  milliseconds it is fresh (u32)
 * 17      header version               34-37  milliseconds it may be stored (u32)
 * 18      flags                        38-45  stamp: invalidations applied when the load began
 * 19      codec                        46     epoch (u8 length, UTF-8), names (u16 count, each u8 length, UTF-8), and
 * 20-21   schema version
 *
 * version 1: CRC-32C of all from 17 on but itself, payload
 * version 2: version of the source (u16 length from 1 to 256, UTF-8), CRC-32C of the payload,
 *            CRC-32C of all from 17 up to itself, payload
 * </pre>
 *
 * <p>Version 2 is for entries with a version of the source, and all others are written as version 1. Its header can be
 * replaced by one of the same length without knowing the payload: the checksum of the payload is carried over, and a
 * header in front of a payload that is not its own does not match. Nodes that know version 1 alone take version 2 for
 * unreadable.
 *
 * <p>Whatever does not match exactly is unreadable, which callers treat as a miss: other versions and foreign bytes
 * heal themselves by being replaced.
 *
 * @param <V> the type of the value
 */
final class EntryFormat<V> {

    static final int MAXIMUM_BYTES = 1 << 20;

    private static final int ABSENT = 1;
    private static final int COMPRESSED = 2;

    private final ValueCodec.Format<V> format;
    private final HeaderFormat headers;

    EntryFormat(ValueCodec.Format<V> format, int codec, int schemaVersion) {
        this.format = format;
        this.headers = new HeaderFormat(codec, schemaVersion);
    }

    /**
     * Writes an entry.
     *
     * @throws IOException if the value cannot be written, or the result is larger than {@link #MAXIMUM_BYTES}
     */
    byte[] write(Token token, Header header, @Nullable V value) throws IOException {
        byte[] plain = value == null ? new byte[0] : encode(value);
        byte[] payload = Compression.deflate(plain);
        int flags = (value == null ? ABSENT : 0) | (payload.length < plain.length ? COMPRESSED : 0);
        byte[] fields = headers.write(token, flags, header);
        byte[] head = header.version() == null
                ? Checksums.withOne(fields, payload)
                : Checksums.withTwo(fields, Checksums.of(payload, 0, payload.length));
        int size = head.length + payload.length;
        if (size > MAXIMUM_BYTES) {
            throw new IOException(
                    "The entry has " + size + " bytes, at most " + MAXIMUM_BYTES + " are stored in Redis.");
        }
        return ByteBuffer.allocate(size).put(head).put(payload).array();
    }

    /** Writes all of an entry that is in front of a payload which is stored already. */
    byte[] writeHeader(Token token, Header header, StoredPayload payload) {
        return Checksums.withTwo(headers.write(token, payload.flags(), header), payload.checksum());
    }

    private byte[] encode(V value) throws IOException {
        byte[] plain = format.encode(value);
        if (plain.length > Compression.MAXIMUM_INFLATED_BYTES) {
            throw new IOException("The value has " + plain.length + " bytes before compression, at most "
                    + Compression.MAXIMUM_INFLATED_BYTES + " are stored in Redis.");
        }
        return plain;
    }

    /**
     * Reads an entry.
     *
     * @throws IOException if the bytes are not an entry of this format, codec and schema, or more than
     *     {@link #MAXIMUM_BYTES}
     */
    Stored<V> read(byte[] bytes) throws IOException {
        if (bytes.length > MAXIMUM_BYTES) {
            throw new IOException("The stored entry has " + bytes.length + " bytes, at most " + MAXIMUM_BYTES
                    + " are read from Redis.");
        }
        try {
            return readFrom(bytes, ByteBuffer.wrap(bytes).position(Token.PREFIX_BYTES));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) { // also a checked one that a codec does not declare
            throw new IOException("The stored bytes are not an entry.", e);
        }
    }

    private Stored<V> readFrom(byte[] bytes, ByteBuffer in) throws IOException {
        Fields fields = headers.read(in);
        int end = in.position();
        boolean replaceable = fields.header().version() != null;
        if (!(replaceable ? Checksums.twoMatch(bytes, end) : Checksums.oneMatches(bytes, end))) {
            throw new IOException("The checksum of the stored entry does not match.");
        }
        int flags = fields.payloadFlags();
        int payloadAt = end + (replaceable ? Checksums.TWO : Checksums.ONE);
        StoredPayload payload = replaceable ? new StoredPayload(flags, Checksums.at(bytes, end), payloadAt) : null;
        return new Stored<>(fields.header(), value(flags, bytes, payloadAt, bytes.length - payloadAt), payload);
    }

    private @Nullable V value(int flags, byte[] bytes, int offset, int length) throws IOException {
        if ((flags & ABSENT) != 0) {
            return null;
        }
        if ((flags & COMPRESSED) == 0) {
            return format.decode(bytes, offset, length);
        }
        byte[] plain = Compression.inflate(bytes, offset, length);
        return format.decode(plain, 0, plain.length);
    }

    /**
     * A value as it was stored.
     *
     * @param value null if the source had none
     * @param payload null if no other header can be written in front of it
     */
    record Stored<V>(
            Header header, @Nullable V value, @Nullable StoredPayload payload) {}
}
