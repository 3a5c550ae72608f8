package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedisBinaryTest {

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-amd64",
        "Linux, aarch64, linux-arm64",
        "Linux, i386, linux-386",
        "Mac OS X, x86_64, darwin-amd64",
        "Mac OS X, aarch64, darwin-arm64",
        "Windows 11, amd64, windows-11-amd64",
        "Linux, riscv64, linux-riscv64"
    })
    void platform_ofTheJvm_isNamedLikeTheBundledBinaries(String osName, String osArch, String platform) {
        assertThat(RedisBinary.platform(osName, osArch)).isEqualTo(platform);
    }

    @ParameterizedTest
    @CsvSource({"linux-amd64", "linux-arm64", "linux-386", "darwin-amd64", "darwin-arm64"})
    void find_noneOnThePath_unpacksTheBundledOne(String platform) {
        assertThat(RedisBinary.find(null, platform, directory))
                .hasValueSatisfying(
                        binary -> assertThat(binary).hasParent(directory).isExecutable());
    }

    @Test
    void find_unknownPlatform_isEmpty() {
        assertThat(RedisBinary.find("", "plan9-mips", directory)).isEmpty();
    }

    @Test
    void find_oneOnThePath_isPreferred() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("bin"));
        Path binary = Files.createFile(folder.resolve("redis-server"));
        assertThat(binary.toFile().setExecutable(true)).isTrue();
        String path = String.join(File.pathSeparator, directory.toString(), "", folder.toString());

        assertThat(RedisBinary.find(path, "linux-amd64", directory)).hasValue(binary);
    }

    @Test
    void find_notExecutableOnThePath_isPassedOver() throws IOException {
        Files.createFile(directory.resolve("redis-server"));

        assertThat(RedisBinary.find(directory.toString(), "plan9-mips", directory))
                .isEmpty();
    }

    @Test
    void find_directoryCannotBeWritten_saysWhatToSet() {
        Path missing = directory.resolve("missing");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> RedisBinary.find(null, "linux-amd64", missing))
                .withMessageStartingWith("The bundled redis-server could not be unpacked into " + missing + ": ")
                .withMessageEndingWith(". Set java.io.tmpdir to a folder that can be written.");
    }
}
