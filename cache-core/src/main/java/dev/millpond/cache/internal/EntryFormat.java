package dev.millpond.cache.internal;

import dev.millpond.cache.spi.ValueCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of an entry, version 1, big endian.
 *
 * <pre>
 *  0      type 'V'                     22-29  created at, ms of the epoch
 *  1-16   token of the writing attempt 30-33  milliseconds it is fresh (u32)
 * 17      header version               34-37  milliseconds it may be stored (u32)
 * 18      flags                        38-45  stamp: invalidations applied when the load began
 * 19      codec                        46     epoch (u8 length, UTF-8), names (u16 count, each u8 length, UTF-8),
 * 20-21   schema version                      CRC-32C of all from 17 on but itself, payload
 * </pre>
 *
 * <p>Whatever does not match exactly is unreadable, which callers treat as a miss: other versions and foreign bytes
 * heal themselves by being replaced.
 *
 * @param <V> the type of the value
 */
final class EntryFormat<V> {

    static final int VERSION = 1;
    static final int MAXIMUM_BYTES = 1 << 20;
    static final long MAXIMUM_MILLIS = 0xffff_ffffL;

    private static final int ABSENT = 1;
    private static final int COMPRESSED = 2;
    private static final int HAS_NAMES = 4;

    private final ValueCodec.Format<V> format;
    private final int codec;
    private final int schemaVersion;

    EntryFormat(ValueCodec.Format<V> format, int codec, int schemaVersion) {
        this.format = format;
        this.codec = codec;
        this.schemaVersion = schemaVersion;
    }

    /**
     * Writes an entry.
     *
     * @throws IOException if the value cannot be written, or the result is larger than {@link #MAXIMUM_BYTES}
     */
    byte[] write(Token token, Header header, @Nullable V value) throws IOException {
        byte[] plain = value == null ? new byte[0] : encode(value);
        byte[] payload = Compression.deflate(plain);
        int flags = (value == null ? ABSENT : 0)
                | (payload.length < plain.length ? COMPRESSED : 0)
                | (header.names().isEmpty() ? 0 : HAS_NAMES);
        byte[] epoch = header.epoch().getBytes(StandardCharsets.UTF_8);
        List<byte[]> names = header.names().stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toList();
        int size = 53
                + epoch.length
                + names.stream().mapToInt(name -> 1 + name.length).sum()
                + payload.length;
        if (size > MAXIMUM_BYTES) {
            throw new IOException(
                    "The entry has " + size + " bytes, at most " + MAXIMUM_BYTES + " are stored in Redis.");
        }
        ByteBuffer out = ByteBuffer.allocate(size).put(token.valuePrefix());
        out.put((byte) VERSION).put((byte) flags).put((byte) codec).putShort((short) schemaVersion);
        out.putLong(header.createdAtMillis()).putInt((int) header.freshMillis()).putInt((int) header.storedMillis());
        out.putLong(header.sequence()).put((byte) epoch.length).put(epoch).putShort((short) names.size());
        names.forEach(name -> out.put((byte) name.length).put(name));
        int checksumAt = out.position();
        byte[] entry = out.position(checksumAt + Integer.BYTES).put(payload).array();
        out.putInt(checksumAt, checksum(entry, checksumAt));
        return entry;
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
        } catch (RuntimeException e) {
            throw new IOException("The stored bytes are not an entry.", e);
        }
    }

    private Stored<V> readFrom(byte[] bytes, ByteBuffer in) throws IOException {
        int version = in.get();
        int flags = in.get();
        if (version != VERSION || (in.get() & 0xff) != codec || (in.getShort() & 0xffff) != schemaVersion) {
            throw new IOException("The stored entry has another header version, codec or schema version.");
        }
        Header header = new Header(
                in.getLong(), millis(in), millis(in), in.getLong(), text(in), names(in, in.getShort() & 0xffff));
        int checksumAt = in.position();
        if (in.getInt() != checksum(bytes, checksumAt)) {
            throw new IOException("The checksum of the stored entry does not match.");
        }
        return new Stored<>(header, value(flags, bytes, in.position(), in.remaining()));
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

    private static long millis(ByteBuffer in) {
        return in.getInt() & MAXIMUM_MILLIS;
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[in.get() & 0xff];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static List<String> names(ByteBuffer in, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(text(in));
        }
        return names;
    }

    /** Covers the header too: a damaged flag would turn a value into an absent one, a damaged name would lose it. */
    private static int checksum(byte[] entry, int checksumAt) {
        int payloadAt = checksumAt + Integer.BYTES;
        CRC32C checksum = new CRC32C();
        checksum.update(entry, Token.PREFIX_BYTES, checksumAt - Token.PREFIX_BYTES);
        checksum.update(entry, payloadAt, entry.length - payloadAt);
        return (int) checksum.getValue();
    }

    /**
     * What is stored about a value.
     *
     * @param freshMillis how long it is fresh, up to {@link #MAXIMUM_MILLIS}, which is 49 days
     * @param storedMillis how long it may answer while the loader fails, up to the same
     * @param sequence the stamp's number
     * @param epoch the stamp's epoch
     * @param names tags and dependencies; neither the entry itself nor its cache
     */
    record Header(
            long createdAtMillis,
            long freshMillis,
            long storedMillis,
            long sequence,
            String epoch,
            List<String> names) {}

    /**
     * A value as it was stored.
     *
     * @param value null if the source had none
     */
    record Stored<V>(Header header, @Nullable V value) {}
}
