package dev.millpond.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks a Redis that belongs to somebody else as used by one JVM of this machine, since each JVM empties it. */
final class RedisInUse {

    private static final Logger log = LoggerFactory.getLogger(RedisInUse.class);

    /** A lock that nothing refers to is let go of when it is collected. */
    private static final Queue<FileLock> HELD = new ConcurrentLinkedQueue<>();

    private RedisInUse() {}

    /**
     * Waits until no other JVM uses what is at this host and port, and keeps the others waiting.
     *
     * @param directory where the JVMs meet
     * @return what ends it; the end of the JVM does too
     */
    static FileLock await(Path directory, String host, int port) {
        Path file = directory.resolve(
                "millpond-test-redis-" + host.replaceAll("[^A-Za-z0-9.-]", "_") + "-" + port + ".lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                log.info("Another JVM tests with Redis at {}:{}; waiting for its end", host, port);
                lock = channel.lock();
            }
            HELD.add(lock);
            return lock;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The file " + file + " cannot be locked, which keeps two JVMs from emptying each other's Redis: "
                            + e.getMessage() + ". Make the directory writable, or set java.io.tmpdir.",
                    e);
        }
    }
}
