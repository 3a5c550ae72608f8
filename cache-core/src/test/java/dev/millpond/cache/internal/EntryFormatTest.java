package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.millpond.cache.internal.EntryFormat.Stored;
import dev.millpond.cache.internal.HeaderFormat.Header;
import dev.millpond.cache.spi.ValueCodec;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryFormatTest {

    private static final String OTHER_VERSION = "The stored entry has another header version, codec or schema version.";

    private final EntryFormat<Map<String, Object>> format = Payloads.format();

    private static EntryFormat<String> texts() {
        return new EntryFormat<>(new JsonCodec().forType(String.class), 1, 0);
    }

    @Test
    void read_codecThrowsWhatItDoesNotDeclare_isUnreadable() throws IOException {
        EntryFormat<byte[]> sneaky = new EntryFormat<>(
                new ValueCodec.Format<>() {
                    @Override
                    public byte[] encode(byte[] value) {
                        return value;
                    }

                    @Override
                    public byte[] decode(byte[] bytes, int offset, int length) {
                        return EntryFormatTest.throwUndeclared();
                    }
                },
                1,
                0);
        byte[] bytes = sneaky.write(Payloads.token(), Payloads.PLAIN, new byte[] {1});

        assertThatIOException()
                .isThrownBy(() -> sneaky.read(bytes))
                .withMessage("The stored bytes are not an entry.")
                .withCauseInstanceOf(GeneralSecurityException.class);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> byte[] throwUndeclared() throws E {
        throw (E) new GeneralSecurityException("undeclared");
    }

    @Test
    void write_value_beginsWithItsToken() throws IOException {
        byte[] bytes = Payloads.plain();

        assertThat(Token.isValue(bytes)).isTrue();
        assertThat(Token.prefixOf(bytes)).isEqualTo(Payloads.token().valuePrefix());
    }

    @Test
    void read_written_returnsValueAndHeader() throws IOException {
        Stored<Map<String, Object>> stored = format.read(Payloads.names());

        assertThat(stored).isEqualTo(new Stored<>(Payloads.NAMES, Payloads.VALUE, null));
    }

    @Test
    void read_writtenAbsent_returnsNull() throws IOException {
        Stored<Map<String, Object>> stored = format.read(Payloads.absent());

        assertThat(stored).isEqualTo(new Stored<Map<String, Object>>(Payloads.PLAIN, null, null));
    }

    @Test
    void read_writtenLarge_isCompressedAndReturned() throws IOException {
        byte[] bytes = Payloads.compressed();

        assertThat(bytes).hasSizeLessThan(1_000);
        assertThat(format.read(bytes).value()).isEqualTo(Payloads.LARGE_VALUE);
    }

    @Test
    void read_extremeHeader_isReturned() throws IOException {
        Header header = new Header(
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                0,
                Long.MAX_VALUE,
                "e".repeat(255),
                IntStream.range(0, 300).mapToObj(i -> i + "n".repeat(250)).toList(),
                null);

        assertThat(format.read(format.write(Payloads.token(), header, Payloads.VALUE)))
                .isEqualTo(new Stored<>(header, Payloads.VALUE, null));
    }

    @ParameterizedTest
    @CsvSource({"2, 7", "255, 7", "1, 8", "1, 65535"})
    void read_otherCodecOrSchemaVersion_isRefused(int codec, int schemaVersion) throws IOException {
        byte[] bytes = Payloads.format(codec, schemaVersion).write(Payloads.token(), Payloads.PLAIN, Payloads.VALUE);

        assertThatIOException().isThrownBy(() -> format.read(bytes)).withMessage(OTHER_VERSION);
        assertThat(Payloads.format(codec, schemaVersion).read(bytes).value()).isEqualTo(Payloads.VALUE);
    }

    @Test
    void read_otherHeaderVersion_isRefused() throws IOException {
        byte[] bytes = Payloads.plain();
        bytes[17] = 3;

        assertThatIOException().isThrownBy(() -> format.read(bytes)).withMessage(OTHER_VERSION);
    }

    @Test
    void read_changedPayload_isRefused() throws IOException {
        byte[] bytes = Payloads.plain();
        bytes[bytes.length - 1] ^= 1;

        assertThatIOException()
                .isThrownBy(() -> format.read(bytes))
                .withMessage("The checksum of the stored entry does not match.");
    }

    @Test
    void read_foreignText_isRefused() {
        byte[] foreign =
                "Value of another application, long enough to hold a header of 53 bytes or more".getBytes(UTF_8);

        assertThatIOException().isThrownBy(() -> format.read(foreign)).withMessage(OTHER_VERSION);
    }

    @Test
    void read_cutOff_isRefused() throws IOException {
        byte[] bytes = Arrays.copyOf(Payloads.plain(), 40);

        assertThatIOException().isThrownBy(() -> format.read(bytes)).withMessage("The stored bytes are not an entry.");
    }

    @Test
    void read_valueOfAnotherType_isRefused() throws IOException {
        byte[] bytes = texts().write(Payloads.token(), Payloads.PLAIN, "text");
        EntryFormat<Integer> numbers = new EntryFormat<>(new JsonCodec().forType(Integer.class), 1, 0);

        assertThatIOException()
                .isThrownBy(() -> numbers.read(bytes))
                .withMessage("The stored JSON cannot be read as the declared type.");
    }

    /** Stores bytes as they are, so that a test decides on the size to the byte. */
    private static EntryFormat<byte[]> raw() {
        return new EntryFormat<>(new RawFormat(), 9, 0);
    }

    @Test
    void write_exactlyTheSizeLimit_isAllowedAndOneByteMoreIsNot() throws IOException {
        int overhead = raw().write(Payloads.token(), Payloads.PLAIN, new byte[0]).length;
        byte[] largest = new byte[EntryFormat.MAXIMUM_BYTES - overhead];
        new Random(1).nextBytes(largest);
        byte[] tooLarge = Arrays.copyOf(largest, largest.length + 1);

        byte[] written = raw().write(Payloads.token(), Payloads.PLAIN, largest);

        assertThat(written).hasSize(EntryFormat.MAXIMUM_BYTES);
        assertThat(raw().read(written).value()).isEqualTo(largest);
        assertThatIOException()
                .isThrownBy(() -> raw().write(Payloads.token(), Payloads.PLAIN, tooLarge))
                .withMessage("The entry has 1048577 bytes, at most 1048576 are stored in Redis.");
    }

    @Test
    void read_moreThanTheSizeLimit_isRefused() throws IOException {
        byte[] small = raw().write(Payloads.token(), Payloads.PLAIN, new byte[0]);
        byte[] tooLarge = StoredEntry.withPayload(small, new byte[EntryFormat.MAXIMUM_BYTES + 1 - small.length]);

        assertThatIOException()
                .isThrownBy(() -> raw().read(tooLarge))
                .withMessage("The stored entry has 1048577 bytes, at most 1048576 are read from Redis.");
    }

    @Test
    void write_valueThatWouldInflateToTooMuch_isRefused() {
        byte[] zeros = new byte[Compression.MAXIMUM_INFLATED_BYTES + 1];

        assertThatIOException()
                .isThrownBy(() -> raw().write(Payloads.token(), Payloads.PLAIN, zeros))
                .withMessage("The value has 16777217 bytes before compression, at most 16777216 are stored in Redis.");
    }

    @Test
    void write_unwritableValue_passesTheFailureOn() {
        Map<String, Object> cyclic = new HashMap<>();
        cyclic.put("self", cyclic);

        assertThatIOException()
                .isThrownBy(() -> format.write(Payloads.token(), Payloads.PLAIN, cyclic))
                .withMessage("The value of class java.util.HashMap cannot be written as JSON.");
    }

    @Test
    void read_namesOfAnotherEntry_keepTheirOrder() throws IOException {
        Header header = new Header(0, 0, 0, 0, "", List.of("t:b", "t:a", "", "t:c"), null);

        assertThat(format.read(format.write(Payloads.token(), header, Collections.emptyMap()))
                        .header())
                .isEqualTo(header);
    }
}
