package dev.millpond.benchmarks;

import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a suite is told and given.
 *
 * @param quick fewer rounds and processes, for a look
 * @param docs write the table into the documentation
 * @param root the directory of the whole project
 * @param out where tables are printed
 */
public record Run(boolean quick, boolean docs, Path root, PrintStream out) {

    /** Tells whether to write a table that only a full run is enough for. */
    public boolean fullDocs() {
        return docs && !quick;
    }

    /** Returns the Redis of this process, found or started by the testkit. */
    public RedisServer redis() {
        return RedisExtension.create().server();
    }

    /** Writes what a suite found to {@code benchmarks/results/<name>.json}. */
    public void writeResults(String name, Object results) throws IOException {
        Path directory = Files.createDirectories(root.resolve("benchmarks").resolve("results"));
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(directory.resolve(name + ".json"), mapper.writeValueAsString(results) + '\n');
    }
}
