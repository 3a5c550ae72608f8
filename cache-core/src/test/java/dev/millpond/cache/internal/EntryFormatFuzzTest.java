package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.internal.EntryFormat.Stored;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged and foreign bytes are refused as such: never another exception, never another value. */
class EntryFormatFuzzTest {

    private static final EntryFormat<Map<String, Object>> FORMAT = Payloads.format();

    static Stream<byte[]> entries() throws IOException {
        return Stream.of(
                Payloads.plain(),
                Payloads.absent(),
                Payloads.names(),
                Payloads.compressed(),
                Payloads.versioned(),
                Payloads.versionedAbsent(),
                Payloads.versionedCompressed());
    }

    private static @Nullable Stored<Map<String, Object>> readOrNull(byte[] bytes) {
        try {
            return FORMAT.read(bytes);
        } catch (IOException e) {
            return null;
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void read_anyBitFlippedAfterTheToken_isRefused(byte[] entry) {
        for (int bit = Token.PREFIX_BYTES * 8; bit < entry.length * 8; bit++) {
            byte[] damaged = entry.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(readOrNull(damaged))
                    .describedAs("byte %d, bit %d", bit / 8, bit % 8)
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void read_anyBitFlippedInTheToken_isTheSameEntry(byte[] entry) throws IOException {
        for (int bit = 0; bit < Token.PREFIX_BYTES * 8; bit++) {
            byte[] other = entry.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(FORMAT.read(other).header()).isEqualTo(FORMAT.read(entry).header());
            assertThat(FORMAT.read(other).value()).isEqualTo(FORMAT.read(entry).value());
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void read_cutOffAnywhere_isRefused(byte[] entry) {
        for (int length = 0; length < entry.length; length++) {
            assertThat(readOrNull(Arrays.copyOf(entry, length)))
                    .describedAs("%d bytes", length)
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void read_anythingAppended_isRefused(byte[] entry) {
        for (int extra = 1; extra < 20; extra++) {
            assertThat(readOrNull(Arrays.copyOf(entry, entry.length + extra))).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void read_manyBytesChanged_isRefused(byte[] entry) {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = entry.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                int place = Token.PREFIX_BYTES + random.nextInt(entry.length - Token.PREFIX_BYTES);
                damaged[place] ^= (byte) (1 + random.nextInt(255));
            }
            if (!Arrays.equals(damaged, entry)) {
                assertThat(readOrNull(damaged)).isNull();
            }
        }
    }

    @Test
    void read_randomBytes_isRefused() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);

            assertThat(readOrNull(bytes)).isNull();
        }
    }

    static Stream<byte[]> headers() throws IOException {
        return Stream.of(Arrays.copyOf(Payloads.plain(), 22), Arrays.copyOf(Payloads.versioned(), 22));
    }

    /** Bytes that pass for a header of a known version, this codec and schema, with anything after it. */
    @ParameterizedTest
    @MethodSource("headers")
    void read_randomBytesAfterATrueHeader_isRefused(byte[] header) {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[header.length + random.nextInt(200)];
            random.nextBytes(bytes);
            System.arraycopy(header, 0, bytes, 0, header.length);

            assertThat(readOrNull(bytes)).isNull();
        }
    }
}
