package dev.millpond.runtime.internal;

import dev.millpond.runtime.RedisStats.Pool;
import java.util.Optional;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisConnection;
import org.redisson.connection.ConnectionsHolder;
import org.redisson.connection.MasterSlaveEntry;

/**
 * Reads how busy the connections of a client are, which the API of Redisson does not tell.
 *
 * <p>It uses what may be another in the next version of Redisson, or in a client that an application wrapped; then the
 * figures are unknown.
 */
final class ConnectionPools {

    private ConnectionPools() {}

    /** Waits for the connection if the client has not made one yet; so ask only after Redis has answered. */
    static Optional<Pool> read(RedissonClient client) {
        try {
            return client instanceof Redisson redisson ? Masters.read(redisson) : Optional.empty();
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** A class of its own: linking it is what fails with another version. */
    private static final class Masters {

        static Optional<Pool> read(Redisson redisson) {
            return redisson.getCommandExecutor().getConnectionManager().getEntrySet().stream()
                    .map(Masters::poolOf)
                    .reduce(Masters::sum);
        }

        private static Pool poolOf(MasterSlaveEntry master) {
            ConnectionsHolder<RedisConnection> connections = master.getEntry().getConnectionsHolder();
            int maximum = master.getConfig().getMasterConnectionPoolSize();
            int free = connections.getFreeConnectionsCounter().getCounter();
            // A free connection that broke stays in the queue until it is made anew.
            long idle = connections.getFreeConnections().stream()
                    .filter(RedisConnection::isActive)
                    .count();
            return new Pool(
                    Math.max(0, maximum - free),
                    Math.toIntExact(idle),
                    connections.getFreeConnectionsCounter().queueSize(),
                    maximum);
        }

        private static Pool sum(Pool one, Pool other) {
            return new Pool(
                    one.active() + other.active(),
                    one.idle() + other.idle(),
                    one.waiting() + other.waiting(),
                    one.maximum() + other.maximum());
        }
    }
}
