package dev.millpond.testkit.internal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a redis-server to run: one on the PATH, else the one for this platform that is bundled as a resource. */
final class RedisBinary {

    private static final String BUNDLED = "/redis-server-7.0.15-";

    private RedisBinary() {}

    static Optional<Path> find(@Nullable String path, String platform, Path directory) {
        return onPath(path).or(() -> bundled(platform, directory));
    }

    static Optional<Path> onPath(@Nullable String path) {
        return Arrays.stream(path == null ? new String[0] : path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Optional<Path> bundled(String platform, Path directory) {
        try (InputStream in = RedisBinary.class.getResourceAsStream(BUNDLED + platform)) {
            if (in == null) {
                return Optional.empty();
            }
            Path binary = directory.resolve("redis-server");
            Files.copy(in, binary);
            if (!binary.toFile().setExecutable(true)) {
                throw new IOException("it cannot be made executable");
            }
            return Optional.of(binary);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The bundled redis-server could not be unpacked into " + directory + ": " + e.getMessage()
                            + ". Set java.io.tmpdir to a folder that can be written.",
                    e);
        }
    }

    static String platform() {
        return platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static String platform(String osName, String osArch) {
        String name = osName.toLowerCase(Locale.ROOT);
        String system = name.startsWith("mac") ? "darwin" : name.replace(' ', '-');
        String processor = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case "i386", "i486", "i586", "i686", "x86" -> "386";
            default -> osArch;
        };
        return system + "-" + processor;
    }
}
