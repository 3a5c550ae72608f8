package dev.millpond.testkit;

import dev.millpond.testkit.internal.SentinelNodes;
import java.util.List;

/**
 * A Redis master with two replicas, watched by three sentinels that miss a server after 2 s.
 *
 * <p>The master takes writes only while a replica has listened within 3 s ({@code min-replicas-to-write 1},
 * {@code min-replicas-max-lag 3}), so that one that was voted out stops by itself. Everything said of
 * {@link RedisTopology} holds; {@link #nodes()} are the servers without the sentinels.
 */
public final class RedisSentinels extends RedisTopology {

    private RedisSentinels() {
        super(SentinelNodes.shared());
    }

    /** Returns the servers for a field with {@code @RegisterExtension}; nothing is started yet. */
    public static RedisSentinels create() {
        return new RedisSentinels();
    }

    /** Returns the name under which the sentinels know the servers. */
    public String masterName() {
        return SentinelNodes.masterName();
    }

    /** Returns the sentinels; each can be killed, restarted and paused by itself. */
    public List<RedisServer> sentinels() {
        return SentinelNodes.shared().get().sentinels();
    }

    @Override
    String redissonServers(String addresses) {
        return "sentinelServersConfig:\n  masterName: \"" + masterName() + "\"\n  sentinelAddresses: " + addresses
                + "\n";
    }

    @Override
    List<RedisServer> contacts() {
        return sentinels();
    }
}
