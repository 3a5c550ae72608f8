package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.millpond.cache.internal.EntryFormat.Stored;
import dev.millpond.cache.internal.HeaderFormat.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored entries with a version of the source, and headers that are written without their payloads. */
class EntryFormatVersionTest {

    private static final String DAMAGED = "The checksum of the stored entry does not match.";
    private static final int VERSION_BYTES = 2 + 8;

    private final EntryFormat<Map<String, Object>> format = Payloads.format();

    private static Header later(@Nullable String version, String... names) {
        return new Header(1_767_225_900_000L, 1_000, 2_000, 300, "9f3c2a", List.of(names), version);
    }

    private static String[] names() {
        return Payloads.NAMES.names().toArray(String[]::new);
    }

    private static StoredPayload payload(Stored<?> stored) {
        return Objects.requireNonNull(stored.payload());
    }

    @ParameterizedTest
    @ValueSource(strings = {"v", "2026-11-27T16:40:00.123456Z", "\u00fc"})
    void read_version_isReturned(String version) throws IOException {
        Header header = later(version);

        assertThat(format.read(format.write(Payloads.token(), header, Payloads.VALUE))
                        .header())
                .isEqualTo(header);
    }

    @Test
    void read_longestVersion_isReturned() throws IOException {
        Header header = later("x".repeat(256));

        assertThat(format.read(format.write(Payloads.token(), header, null)).header())
                .isEqualTo(header);
    }

    @Test
    void write_noVersion_hasNoOtherPayload() throws IOException {
        assertThat(format.read(Payloads.plain()).payload()).isNull();
        assertThat(Payloads.plain()[StoredEntry.VERSION_AT]).isEqualTo((byte) 1);
        assertThat(Payloads.versioned()[StoredEntry.VERSION_AT]).isEqualTo((byte) 2);
    }

    private void assertReplaced(byte[] entry, @Nullable Object value) throws IOException {
        Stored<Map<String, Object>> before = format.read(entry);
        Header header = later("W/\"\u00fc-8\"", names());

        byte[] written = format.writeHeader(Payloads.token(), header, payload(before));
        System.arraycopy(written, 0, entry, 0, written.length);

        assertThat(written).hasSize(payload(before).offset());
        assertThat(format.read(entry).header()).isEqualTo(header);
        assertThat(format.read(entry).value()).isEqualTo(value);
        assertThat(payload(format.read(entry)).checksum())
                .isEqualTo(payload(before).checksum());
    }

    @Test
    void writeHeader_inFrontOfItsPayload_isAnEntry() throws IOException {
        assertReplaced(Payloads.versioned(), Payloads.VALUE);
    }

    @Test
    void writeHeader_inFrontOfAnAbsentValue_isAnEntry() throws IOException {
        assertReplaced(Payloads.versionedAbsent(), null);
    }

    @Test
    void writeHeader_inFrontOfACompressedPayload_isAnEntry() throws IOException {
        assertReplaced(Payloads.versionedCompressed(), Payloads.LARGE_VALUE);
    }

    @Test
    void writeHeader_lessNames_hasAnotherLengthAndNoNames() throws IOException {
        StoredPayload payload = payload(format.read(Payloads.versioned()));

        byte[] written = format.writeHeader(Payloads.token(), later("W/\"\u00fc-8\""), payload);

        assertThat(written).hasSizeLessThan(payload.offset());
        assertThat(written[StoredEntry.FLAGS_AT]).isZero();
    }

    @Test
    void read_headerInFrontOfAnotherPayload_isRefused() throws IOException {
        byte[] other = format.write(Payloads.token(), Payloads.VERSIONED, Map.of("points", 43));
        byte[] header =
                format.writeHeader(Payloads.token(), Payloads.VERSIONED, payload(format.read(Payloads.versioned())));
        System.arraycopy(header, 0, other, 0, header.length);

        assertThatIOException().isThrownBy(() -> format.read(other)).withMessage(DAMAGED);
    }

    @Test
    void read_checksumOfTheHeaderWrong_isRefused() throws IOException {
        byte[] bytes = Payloads.versioned();
        bytes[payload(format.read(bytes)).offset() - 1] ^= 1;

        assertThatIOException().isThrownBy(() -> format.read(bytes)).withMessage(DAMAGED);
    }

    @Test
    void read_checksumOfThePayloadWrong_isRefused() throws IOException {
        byte[] bytes = Payloads.versioned();
        int at = payload(format.read(bytes)).offset() - 2 * Integer.BYTES;
        bytes[at] ^= 1;
        sealHeader(bytes, at + Integer.BYTES);

        assertThatIOException().isThrownBy(() -> format.read(bytes)).withMessage(DAMAGED);
    }

    @ParameterizedTest
    @CsvSource({"0", "257", "65535"})
    void read_versionOfAnotherLength_isRefused(int length) throws IOException {
        byte[] bytes = Payloads.versioned();
        int end = payload(format.read(bytes)).offset() - Integer.BYTES;
        ByteBuffer.wrap(bytes).putShort(end - Integer.BYTES - VERSION_BYTES, (short) length);
        sealHeader(bytes, end);

        assertThatIOException()
                .isThrownBy(() -> format.read(bytes))
                .withMessage("The stored entry has a version of " + length + " bytes, must be from 1 to 256.");
    }

    private static void sealHeader(byte[] bytes, int end) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, StoredEntry.VERSION_AT, end - StoredEntry.VERSION_AT);
        ByteBuffer.wrap(bytes).putInt(end, (int) checksum.getValue());
    }
}
