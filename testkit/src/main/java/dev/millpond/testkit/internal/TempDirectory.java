package dev.millpond.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory for the files of one server. */
final class TempDirectory {

    private static final Logger log = LoggerFactory.getLogger(TempDirectory.class);

    private TempDirectory() {}

    static Path create() {
        try {
            return Files.createTempDirectory("millpond-redis-");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "No directory for a redis-server could be made under java.io.tmpdir ("
                            + System.getProperty("java.io.tmpdir") + "): " + e.getMessage(),
                    e);
        }
    }

    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("{} could not be deleted: {}", directory, e.getMessage());
        }
    }
}
