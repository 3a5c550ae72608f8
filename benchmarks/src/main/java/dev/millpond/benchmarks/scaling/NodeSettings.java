package dev.millpond.benchmarks.scaling;

import dev.millpond.runtime.RedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a node is and does.
 *
 * @param address the address of Redis, or a file with a configuration of Redisson
 * @param keys a file with the keys of its operations, one in a line
 * @param work what it does
 * @param threads that do it at the same time
 * @param localSize how many entries it keeps in the process
 * @param invalidationsPerThousand how many of a thousand operations are invalidations instead of reads
 */
record NodeSettings(
        String address, String keys, NodeWork work, int threads, int localSize, int invalidationsPerThousand) {

    private static final String URL = "redis://";

    static NodeSettings of(String... arguments) {
        return new NodeSettings(
                arguments[0],
                arguments[1],
                NodeWork.valueOf(arguments[2]),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]));
    }

    String[] arguments() {
        return new String[] {address, keys, work.name(), "" + threads, "" + localSize, "" + invalidationsPerThousand};
    }

    RedisConnection connect() throws IOException {
        return address.startsWith(URL)
                ? RedisConnection.to(address)
                : RedisConnection.ofYaml(Files.readString(Path.of(address)));
    }
}
