package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.internal.EntryFormat.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Stored forms of every version, kept as files: nodes of an older and a newer version share one Redis.
 *
 * <p>A file is never changed. For a new version of the format, add a test and run it once with
 * {@code -Dmillpond.golden.write=true}, which writes the files that are missing.
 */
class EntryFormatGoldenTest {

    private static final int COMPRESSED_PAYLOAD = 59;

    private static byte[] golden(String name, byte[] writtenNow) throws IOException {
        Path file = Path.of("src/test/resources/golden", name);
        if (Boolean.getBoolean("millpond.golden.write") && Files.notExists(file)) {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, writtenNow);
        }
        return Files.readAllBytes(file);
    }

    private static Stored<Map<String, Object>> read(byte[] bytes) throws IOException {
        return Payloads.format().read(bytes);
    }

    @Test
    void lease_isWrittenAsBefore() throws IOException {
        byte[] lease = Payloads.token().lease();

        assertThat(lease).isEqualTo(golden("lease-v1.bin", lease));
        assertThat(Token.isLease(lease)).isTrue();
    }

    /** As the script that finds somebody waiting leaves it. */
    @Test
    void leaseWaitedFor_isReadAsBefore() throws IOException {
        byte[] lease = Payloads.token().lease();
        byte[] waitedFor = Arrays.copyOf(lease, lease.length + 1);
        waitedFor[lease.length] = '+';
        byte[] golden = golden("lease-v1-waited-for.bin", waitedFor);

        assertThat(waitedFor).isEqualTo(golden);
        assertThat(Token.isLease(golden)).isTrue();
        assertThat(Token.prefixOf(golden)).isEqualTo(lease);
    }

    /** As it is stored while a node loads it anew: all but its beginning stays. */
    @Test
    void refreshed_isWrittenAndReadAsBefore() throws IOException {
        byte[] refreshed = Payloads.refreshed();
        byte[] golden = golden("entry-v1-refreshed.bin", refreshed);

        assertThat(refreshed).isEqualTo(golden);
        assertThat(Token.isRefresh(golden)).isTrue();
        assertThat(Token.isValue(golden)).isTrue();
        assertThat(Token.refreshUntil(golden)).isEqualTo(Payloads.REFRESHED_UNTIL_MILLIS);
        assertThat(Payloads.tokens().made(golden)).isTrue();
        assertThat(read(golden)).isEqualTo(new Stored<>(Payloads.PLAIN, Payloads.VALUE, null));
    }

    @Test
    void plain_isWrittenAndReadAsBefore() throws IOException {
        byte[] golden = golden("entry-v1-plain.bin", Payloads.plain());

        assertThat(Payloads.plain()).isEqualTo(golden);
        assertThat(read(golden)).isEqualTo(new Stored<>(Payloads.PLAIN, Payloads.VALUE, null));
    }

    @Test
    void absent_isWrittenAndReadAsBefore() throws IOException {
        byte[] golden = golden("entry-v1-absent.bin", Payloads.absent());

        assertThat(Payloads.absent()).isEqualTo(golden);
        assertThat(read(golden)).isEqualTo(new Stored<Map<String, Object>>(Payloads.PLAIN, null, null));
    }

    @Test
    void names_areWrittenAndReadAsBefore() throws IOException {
        byte[] golden = golden("entry-v1-names.bin", Payloads.names());

        assertThat(Payloads.names()).isEqualTo(golden);
        assertThat(read(golden)).isEqualTo(new Stored<>(Payloads.NAMES, Payloads.VALUE, null));
    }

    private static void assertVersioned(byte[] golden, Map<String, Object> value) throws IOException {
        assertThat(read(golden).header()).isEqualTo(Payloads.VERSIONED);
        assertThat(read(golden).value()).isEqualTo(value);
    }

    @Test
    void versioned_isWrittenAndReadAsBefore() throws IOException {
        byte[] golden = golden("entry-v2-versioned.bin", Payloads.versioned());

        assertThat(Payloads.versioned()).isEqualTo(golden);
        assertVersioned(golden, Payloads.VALUE);
    }

    @Test
    void versionedAbsent_isWrittenAndReadAsBefore() throws IOException {
        byte[] golden = golden("entry-v2-absent.bin", Payloads.versionedAbsent());

        assertThat(Payloads.versionedAbsent()).isEqualTo(golden);
        assertThat(read(golden).header()).isEqualTo(Payloads.VERSIONED);
        assertThat(read(golden).value()).isNull();
    }

    @Test
    void versionedCompressed_isReadAsBefore() throws IOException {
        assertVersioned(golden("entry-v2-compressed.bin", Payloads.versionedCompressed()), Payloads.LARGE_VALUE);
    }

    /** Deflate may compress the same bytes in many ways, and Java platforms differ in which they choose. */
    @Test
    void compressed_isReadAsBefore() throws IOException {
        byte[] golden = golden("entry-v1-compressed.bin", Payloads.compressed());
        int header = COMPRESSED_PAYLOAD - Integer.BYTES;

        assertThat(read(golden)).isEqualTo(new Stored<>(Payloads.PLAIN, Payloads.LARGE_VALUE, null));
        assertThat(Arrays.copyOf(Payloads.compressed(), header)).isEqualTo(Arrays.copyOf(golden, header));
    }
}
