package dev.millpond.benchmarks.peers;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;

/** Registries of Millpond on one machine, over one connection with its default settings. */
public final class MillpondRegistries {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private MillpondRegistries() {}

    /** Returns the one registry of the machine. */
    static CacheRegistry shared(Machine machine) throws Exception {
        return machine.shared(CacheRegistry.class, owner -> open(owner, "benchmarks", CacheRegistry.builder()));
    }

    /** Makes a registry that tells the source what comes from Redis, before it is kept in the process. */
    static CacheRegistry telling(Machine machine, String namespace, Source source) throws Exception {
        return open(machine, namespace, CacheRegistry.builder().codec(new TellingValueCodec(source)));
    }

    /** Makes a registry over the connection of the machine; it answers from its own memory when this returns. */
    public static CacheRegistry open(Machine machine, String namespace, CacheRegistry.Builder builder)
            throws Exception {
        RedisConnection connection = connection(machine);
        CacheRegistry registry = builder.redis(connection).namespace(namespace).build();
        machine.own(registry::close);
        awaitTrust(registry);
        return registry;
    }

    /** Returns the one connection of the machine, on which Redis answers. */
    public static RedisConnection connection(Machine machine) throws Exception {
        return machine.shared(RedisConnection.class, MillpondRegistries::connect);
    }

    private static RedisConnection connect(Machine machine) {
        RedisConnection connection = RedisConnection.to(machine.url());
        machine.own(connection::close);
        if (!connection.awaitAvailable(LIMIT)) {
            throw new IllegalStateException("Redis at " + machine.url() + " did not answer within 10 s.");
        }
        return connection;
    }

    /** A node answers from its own memory from the moment its first poll of the log has come back. */
    private static void awaitTrust(CacheRegistry registry) throws Exception {
        LoadingCache<String, String> probe =
                registry.newCache("probe", String.class).build((String key) -> key);
        if (!Await.until(LIMIT, () -> probe.lookup("probe").fromCache())) {
            throw new IllegalStateException("Millpond kept nothing in its own memory within 10 s.");
        }
    }
}
