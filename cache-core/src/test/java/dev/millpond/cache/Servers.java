package dev.millpond.cache;

import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import dev.millpond.testkit.RedisTopology;
import java.util.List;

/** The Redis of a test that holds on one server as well as on several. */
public interface Servers {

    /** Connects one more node, which does not lose an answer on a busy machine. */
    RedisConnection connect();

    /** Returns the servers that take writes. */
    List<RedisServer> masters();

    /** Returns the server that takes the writes of a key. */
    RedisServer masterOf(String key);

    /** Deletes every key. */
    default void flush() {
        masters().forEach(RedisServer::flush);
    }

    /** Makes every server forget its scripts. */
    default void flushScripts() {
        masters().forEach(master -> master.command("SCRIPT", "FLUSH"));
    }

    /** Returns one server. */
    static Servers of(RedisExtension redis) {
        return new Servers() {
            @Override
            public RedisConnection connect() {
                return PatientRedis.connect(redis.url());
            }

            @Override
            public List<RedisServer> masters() {
                return List.of(redis.server());
            }

            @Override
            public RedisServer masterOf(String key) {
                return redis.server();
            }
        };
    }

    /** Returns servers that replace each other. */
    static Servers of(RedisTopology topology) {
        return new Servers() {
            @Override
            public RedisConnection connect() {
                return PatientRedis.connectTo(topology.redissonYaml());
            }

            @Override
            public List<RedisServer> masters() {
                return topology.masters();
            }

            @Override
            public RedisServer masterOf(String key) {
                return topology.masterOf(key);
            }

            @Override
            public void flushScripts() {
                topology.flushScripts();
            }
        };
    }
}
