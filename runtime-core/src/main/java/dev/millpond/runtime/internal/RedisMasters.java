package dev.millpond.runtime.internal;

import io.netty.channel.ChannelFuture;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisConnection;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.CommandsData;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.config.NameMapper;
import org.redisson.connection.ConnectionManager;
import org.redisson.connection.MasterSlaveEntry;
import org.redisson.connection.ServiceManager;

/**
 * The masters that a client writes to, of which the API of Redisson does not tell; thread-safe. There is one, or those
 * of a cluster.
 *
 * @param names what the client makes of keys
 */
record RedisMasters(ConnectionManager connections, ServiceManager services, NameMapper names) {

    /** Asked beforehand, and once: a command that finds out would have failed. */
    private static final boolean USUAL = isUsual();

    /** Returns null if the client wraps that of Redisson, or is of a version that does it otherwise. */
    static @Nullable RedisMasters of(RedissonClient client) {
        try {
            return USUAL && client instanceof Redisson redisson ? of(redisson) : null;
        } catch (LinkageError e) {
            return null;
        }
    }

    private static RedisMasters of(Redisson redisson) {
        ServiceManager services = redisson.getServiceManager();
        return new RedisMasters(
                redisson.getCommandExecutor().getConnectionManager(), services, services.getNameMapper());
    }

    private static boolean isUsual() {
        try {
            return returns(MasterSlaveEntry.class, ConnectionManager.class, "getEntry", String.class)
                    && returns(CompletableFuture.class, MasterSlaveEntry.class, "connectionWriteOp", RedisCommand.class)
                    && returns(void.class, MasterSlaveEntry.class, "releaseWrite", RedisConnection.class)
                    && returns(ChannelFuture.class, RedisConnection.class, "send", CommandData.class)
                    && returns(ChannelFuture.class, RedisConnection.class, "send", CommandsData.class)
                    && returns(void.class, ServiceManager.class, "addFuture", CompletableFuture.class);
        } catch (ReflectiveOperationException | LinkageError e) {
            return false;
        }
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
