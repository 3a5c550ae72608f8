package dev.millpond.cache.internal;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.redisson.client.codec.ByteArrayCodec;

/** What is stored under the key of an entry, to be read and spoilt byte by byte. */
record StoredEntry(RedisServer server, RedisConnection connection, String key) {

    static final int VERSION_AT = 17;
    static final int FLAGS_AT = 18;
    static final int CODEC_AT = 19;
    static final int SCHEMA_AT = 21;
    static final byte COMPRESSED = 2;

    private static final int EPOCH_AT = 46;
    private static final String REPLACE =
            "redis.call('UNLINK', KEYS[1]) return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    byte[] read() {
        return connection
                .guard()
                .call(
                        LIMIT,
                        client -> client.<byte[]>getBucket(key, ByteArrayCodec.INSTANCE)
                                .getAsync());
    }

    void write(byte[] bytes) {
        var unused = connection
                .guard()
                .<Object>call(
                        LIMIT,
                        client -> client.<byte[]>getBucket(key, ByteArrayCodec.INSTANCE)
                                .setAsync(bytes)
                                .thenApply(done -> key));
    }

    /** Replaces it by what a command makes under its key; at once, since somebody may wait for the key to be free. */
    void writeBy(String command, String... arguments) {
        List<String> words = new ArrayList<>(List.of("EVAL", REPLACE, "1", key, command));
        words.addAll(List.of(arguments));
        server.command(words.toArray(String[]::new));
    }

    String type() {
        return String.valueOf(server.command("TYPE", key));
    }

    /** Returns an entry with another byte in its header, and the checksum that belongs to that. */
    static byte[] withByte(byte[] entry, int index, int value) {
        byte[] changed = entry.clone();
        changed[index] = (byte) value;
        return checked(changed, payloadAt(entry));
    }

    /** Returns an entry with another payload, and the checksum that belongs to that. */
    static byte[] withPayload(byte[] entry, byte[] payload) {
        int payloadAt = payloadAt(entry);
        byte[] changed = new byte[payloadAt + payload.length];
        System.arraycopy(entry, 0, changed, 0, payloadAt);
        System.arraycopy(payload, 0, changed, payloadAt, payload.length);
        return checked(changed, payloadAt);
    }

    static int payloadAt(byte[] entry) {
        ByteBuffer in = ByteBuffer.wrap(entry).position(EPOCH_AT);
        skip(in);
        for (int names = in.getShort(); names > 0; names--) {
            skip(in);
        }
        return in.position() + Integer.BYTES;
    }

    private static void skip(ByteBuffer in) {
        int length = in.get() & 0xff;
        in.position(in.position() + length);
    }

    private static byte[] checked(byte[] entry, int payloadAt) {
        CRC32C checksum = new CRC32C();
        checksum.update(entry, VERSION_AT, payloadAt - Integer.BYTES - VERSION_AT);
        checksum.update(entry, payloadAt, entry.length - payloadAt);
        ByteBuffer.wrap(entry).putInt(payloadAt - Integer.BYTES, (int) checksum.getValue());
        return entry;
    }
}
