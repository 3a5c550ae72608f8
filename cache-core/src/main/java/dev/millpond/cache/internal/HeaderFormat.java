package dev.millpond.cache.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stored entry says before its checksums and its payload; {@link EntryFormat} describes the whole.
 *
 * @param codec what wrote the payload
 * @param schemaVersion the version of the values' shape
 */
record HeaderFormat(int codec, int schemaVersion) {

    static final long MAXIMUM_MILLIS = 0xffff_ffffL;
    static final int MAXIMUM_VERSION_BYTES = 256;

    private static final int WITHOUT_VERSION = 1;
    private static final int WITH_VERSION = 2;
    private static final int HAS_NAMES = 4;
    private static final int FIXED_BYTES = 49;

    /** Writes a token and a header. */
    byte[] write(Token token, int payloadFlags, Header header) {
        byte[] epoch = utf8(header.epoch());
        List<byte[]> names = header.names().stream().map(HeaderFormat::utf8).toList();
        byte[] version = header.version() == null ? null : utf8(header.version());
        ByteBuffer out = ByteBuffer.allocate(sizeOf(epoch, names, version)).put(token.valuePrefix());
        out.put((byte) (version == null ? WITHOUT_VERSION : WITH_VERSION));
        out.put((byte) (payloadFlags | (names.isEmpty() ? 0 : HAS_NAMES)));
        out.put((byte) codec).putShort((short) schemaVersion).putLong(header.createdAtMillis());
        out.putInt((int) header.freshMillis()).putInt((int) header.storedMillis());
        out.putLong(header.sequence()).put((byte) epoch.length).put(epoch).putShort((short) names.size());
        names.forEach(name -> out.put((byte) name.length).put(name));
        if (version != null) {
            out.putShort((short) version.length).put(version);
        }
        return out.array();
    }

    private static int sizeOf(byte[] epoch, List<byte[]> names, byte @Nullable [] version) {
        return FIXED_BYTES
                + epoch.length
                + names.stream().mapToInt(name -> 1 + name.length).sum()
                + (version == null ? 0 : Short.BYTES + version.length);
    }

    /**
     * Reads what is behind the token.
     *
     * @throws IOException if it is of another version, codec or schema
     */
    Fields read(ByteBuffer in) throws IOException {
        int headerVersion = in.get();
        int flags = in.get();
        boolean known = headerVersion == WITHOUT_VERSION || headerVersion == WITH_VERSION;
        if (!known || (in.get() & 0xff) != codec || (in.getShort() & 0xffff) != schemaVersion) {
            throw new IOException("The stored entry has another header version, codec or schema version.");
        }
        Header header = new Header(
                in.getLong(),
                millis(in),
                millis(in),
                in.getLong(),
                text(in, in.get() & 0xff),
                names(in, in.getShort() & 0xffff),
                headerVersion == WITH_VERSION ? version(in) : null);
        return new Fields(flags & ~HAS_NAMES, header);
    }

    private static String version(ByteBuffer in) throws IOException {
        int length = in.getShort() & 0xffff;
        if (length == 0 || length > MAXIMUM_VERSION_BYTES) {
            throw new IOException("The stored entry has a version of " + length + " bytes, must be from 1 to "
                    + MAXIMUM_VERSION_BYTES + ".");
        }
        return text(in, length);
    }

    private static long millis(ByteBuffer in) {
        return in.getInt() & MAXIMUM_MILLIS;
    }

    private static List<String> names(ByteBuffer in, int count) {
        if (count == 0) {
            return List.of();
        }
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(text(in, in.get() & 0xff));
        }
        return names;
    }

    private static String text(ByteBuffer in, int length) {
        int start = in.position();
        in.position(start + length); // which fails where there are not so many bytes
        return new String(in.array(), in.arrayOffset() + start, length, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What was read: what the flags say about the payload, and the header. */
    record Fields(int payloadFlags, Header header) {}

    /**
     * What is stored about a value.
     *
     * @param freshMillis how long it is fresh, up to {@link #MAXIMUM_MILLIS}, which is 49 days
     * @param storedMillis how long it may answer while the loader fails, up to the same
     * @param sequence the stamp's number
     * @param epoch the stamp's epoch
     * @param names tags and dependencies; neither the entry itself nor its cache
     * @param version which version of the source it is, if its loader said so
     */
    record Header(
            long createdAtMillis,
            long freshMillis,
            long storedMillis,
            long sequence,
            String epoch,
            List<String> names,
            @Nullable String version) {}
}
