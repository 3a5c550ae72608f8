package dev.millpond.runtime.internal;

import io.netty.channel.ChannelFuture;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisConnection;
import org.redisson.client.protocol.CommandsData;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.config.NameMapper;
import org.redisson.connection.ConnectionManager;
import org.redisson.connection.MasterSlaveEntry;
import org.redisson.connection.ServiceManager;

/**
 * The masters of a cluster, of which the API of Redisson does not tell; thread-safe.
 *
 * @param names what the client makes of keys
 */
record ClusterMasters(ConnectionManager connections, ServiceManager services, NameMapper names) {

    /** Returns null if the client wraps that of Redisson, or is of a version that does it otherwise. */
    static @Nullable ClusterMasters of(RedissonClient client) {
        try {
            return client instanceof Redisson redisson && isUsual() ? of(redisson) : null;
        } catch (ReflectiveOperationException | LinkageError e) {
            return null;
        }
    }

    private static ClusterMasters of(Redisson redisson) {
        ServiceManager services = redisson.getServiceManager();
        return new ClusterMasters(
                redisson.getCommandExecutor().getConnectionManager(), services, services.getNameMapper());
    }

    /** Asked beforehand: a command that finds out would have failed. */
    private static boolean isUsual() throws ReflectiveOperationException {
        return returns(MasterSlaveEntry.class, ConnectionManager.class, "getEntry", String.class)
                && returns(CompletableFuture.class, MasterSlaveEntry.class, "connectionWriteOp", RedisCommand.class)
                && returns(void.class, MasterSlaveEntry.class, "releaseWrite", RedisConnection.class)
                && returns(ChannelFuture.class, RedisConnection.class, "send", CommandsData.class)
                && returns(void.class, ServiceManager.class, "addFuture", CompletableFuture.class);
    }

    private static boolean returns(Class<?> result, Class<?> type, String method, Class<?> parameter)
            throws ReflectiveOperationException {
        return type.getMethod(method, parameter).getReturnType() == result;
    }

    /** Returns the master that has a key; null if there is none at the moment. */
    @Nullable
    MasterSlaveEntry of(String key) {
        return connections.getEntry(names.map(key));
    }
}
