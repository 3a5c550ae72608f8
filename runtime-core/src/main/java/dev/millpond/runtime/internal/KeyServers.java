package dev.millpond.runtime.internal;

import java.util.Optional;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.connection.ConnectionManager;

/**
 * Tells which server of a client has a key, which the API of Redisson does not tell; thread-safe.
 *
 * <p>For a cluster it uses what may be another in the next version of Redisson, or in a client that an application
 * wrapped; then the servers are unknown.
 */
final class KeyServers {

    private final RedissonClient client;

    KeyServers(RedissonClient client) {
        this.client = client;
    }

    /** Returns what stands for the server, the same object each time. */
    Optional<Object> of(String key) {
        if (!client.getConfig().isClusterConfig()) {
            return Optional.of(client);
        }
        try {
            return client instanceof Redisson redisson ? Slots.serverOf(redisson, key) : Optional.empty();
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** A class of its own: linking it is what fails with another version. */
    private static final class Slots {

        static Optional<Object> serverOf(Redisson redisson, String key) {
            ConnectionManager connections = redisson.getCommandExecutor().getConnectionManager();
            return Optional.ofNullable(connections.getWriteEntry(connections.calcSlot(key)));
        }
    }
}
