package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RedisInUseTest {

    private static final String HOST = "127.0.0.1";
    private static final int PORT = 6379;

    @TempDir
    private Path directory;

    @Test
    void await_anotherJvmUsesIt_waitsForItsEnd() throws IOException {
        FileLock mine = RedisInUse.await(directory, HOST, PORT);
        Process other = start(directory);
        try (BufferedReader output = other.inputReader()) {
            assertThat(output.readLine())
                    .endsWith("Another JVM tests with Redis at 127.0.0.1:6379; waiting for its end");

            mine.release();

            assertThat(output.readLine()).isEqualTo("entered");
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void await_anotherRedis_doesNotWait() throws IOException {
        FileLock one = RedisInUse.await(directory, HOST, PORT);
        FileLock other = RedisInUse.await(directory, "::1", PORT);

        assertThat(one.isValid()).isTrue();
        assertThat(other.isValid()).isTrue();
    }

    @Test
    void await_directoryIsMissing_saysWhatToSet() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> RedisInUse.await(directory.resolve("missing"), HOST, PORT))
                .withMessageStartingWith("The file " + directory.resolve("missing"))
                .withMessageEndingWith("Make the directory writable, or set java.io.tmpdir.");
    }

    private static Process start(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherJvm.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
    }

    static final class OtherJvm {

        private OtherJvm() {}

        public static void main(String[] arguments) {
            FileLock lock = RedisInUse.await(Path.of(arguments[0]), HOST, PORT);
            System.out.println(lock.isValid() ? "entered" : "refused");
        }
    }
}
