package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** What may be found under the key of an entry whose value is a text, and is no such entry. */
@SuppressWarnings("ImmutableEnumChecker") // Nothing changes them.
enum BadEntry {
    NOISE(good -> noise(good.length)),
    EMPTY_STRING(good -> new byte[0]),
    ONE_BYTE(good -> new byte[] {'V'}),
    STRING_OF_SOMEBODY_ELSE(good -> "{\"user\":7,\"roles\":[\"admin\"]}".getBytes(UTF_8)),
    NUMBER_OF_SOMEBODY_ELSE(good -> "42".getBytes(UTF_8)),
    TOO_MANY_BYTES_OF_SOMEBODY_ELSE(good -> noise(2 * EntryFormat.MAXIMUM_BYTES)),
    LONG_STRING_LIKE_A_LEASE(good -> "Lorem ipsum dolor sit amet".getBytes(UTF_8)),

    CUT_IN_THE_PAYLOAD(good -> Arrays.copyOf(good, good.length - 1)),
    CUT_IN_THE_HEADER(good -> Arrays.copyOf(good, 30)),
    CUT_AFTER_THE_TOKEN(good -> Arrays.copyOf(good, Token.PREFIX_BYTES)),
    DAMAGED_PAYLOAD(good -> damaged(good, good.length - 2)),
    DAMAGED_HEADER(good -> damaged(good, 25)),

    OTHER_VERSION(good -> StoredEntry.withByte(good, StoredEntry.VERSION_AT, 3)),
    OTHER_CODEC(good -> StoredEntry.withByte(good, StoredEntry.CODEC_AT, 200)),
    OTHER_SCHEMA_VERSION(good -> StoredEntry.withByte(good, StoredEntry.SCHEMA_AT, 9)),
    COMPRESSED_AS_IT_SAYS_ALONE(good -> StoredEntry.withByte(good, StoredEntry.FLAGS_AT, StoredEntry.COMPRESSED)),

    TOO_LARGE_ENTRY(good ->
            StoredEntry.withPayload(good, ("\"" + "x".repeat(2 * EntryFormat.MAXIMUM_BYTES) + "\"").getBytes(UTF_8))),
    ZIP_BOMB(good -> StoredEntry.withByte(
            StoredEntry.withPayload(good, Bomb.BYTES), StoredEntry.FLAGS_AT, StoredEntry.COMPRESSED)),
    NOT_JSON(good -> StoredEntry.withPayload(good, "<value/>".getBytes(UTF_8))),
    JSON_OF_ANOTHER_TYPE(good -> StoredEntry.withPayload(good, "{\"name\":\"x\"}".getBytes(UTF_8))),
    JSON_NULL(good -> StoredEntry.withPayload(good, "null".getBytes(UTF_8))),
    DEEPLY_NESTED_JSON(good -> StoredEntry.withPayload(good, "[".repeat(100_000).getBytes(UTF_8))),
    JSON_THAT_NAMES_A_CLASS(good -> StoredEntry.withPayload(
            good, ("{\"@class\":\"" + Trap.CLASS + "\",\"@type\":\"" + Trap.CLASS + "\"}").getBytes(UTF_8))),
    JSON_ARRAY_THAT_NAMES_A_CLASS(
            good -> StoredEntry.withPayload(good, ("[\"" + Trap.CLASS + "\",\"text\"]").getBytes(UTF_8))),
    SERIALIZED_OBJECT(good -> Trap.serialized()),
    SERIALIZED_OBJECT_IN_AN_ENTRY(good -> StoredEntry.withPayload(good, Trap.serialized())),

    LIST("RPUSH", "element"),
    HASH("HSET", "field", "value"),
    SET("SADD", "element"),
    SORTED_SET("ZADD", "1", "element"),
    STREAM("XADD", "*", "field", "value");

    private final UnaryOperator<byte[]> bytes;
    private final String[] command;

    BadEntry(UnaryOperator<byte[]> bytes) {
        this.bytes = bytes;
        this.command = new String[0];
    }

    BadEntry(String... command) {
        this.bytes = good -> good;
        this.command = command;
    }

    /** Puts it in the place of a good entry. */
    void replace(StoredEntry stored, byte[] good) {
        if (command.length == 0) {
            stored.write(bytes.apply(good));
        } else {
            stored.writeBy(command[0], Arrays.copyOfRange(command, 1, command.length));
        }
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    private static byte[] damaged(byte[] good, int index) {
        byte[] damaged = good.clone();
        damaged[index] ^= 0x10;
        return damaged;
    }

    /** The text of 300 million spaces, in less than a third of a megabyte. */
    private static final class Bomb {

        static final byte[] BYTES = make();

        private static byte[] make() {
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            try (DeflaterOutputStream out = new DeflaterOutputStream(bomb, new Deflater(Deflater.BEST_SPEED))) {
                byte[] spaces = " ".repeat(1_000_000).getBytes(UTF_8);
                out.write('"');
                for (int i = 0; i < 300; i++) {
                    out.write(spaces);
                }
                out.write('"');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bomb.toByteArray();
        }
    }

    /** The bytes of an object of a class that tells when it is loaded. */
    static final class Trap {

        static final String CLASS = "dev.millpond.cache.internal.TrappedClass";

        private static final String HARMLESS = "dev.millpond.cache.internal.HarmlessBean";

        /** Told by the class; the class itself must not be asked. */
        static volatile boolean sprung;

        private Trap() {}

        /** Making one of the class would load it, so another one of a name as long stands in. */
        static byte[] serialized() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(new HarmlessBean());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toString(ISO_8859_1).replace(HARMLESS, CLASS).getBytes(ISO_8859_1);
        }
    }
}
