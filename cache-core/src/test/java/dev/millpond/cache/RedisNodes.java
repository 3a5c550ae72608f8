package dev.millpond.cache;

import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import java.util.ArrayDeque;
import java.util.Deque;

/** The nodes of a test over a real Redis, in one namespace; closes what was opened last first. */
public final class RedisNodes implements AutoCloseable {

    private final String url;
    private final String namespace;
    private final Deque<Runnable> closings = new ArrayDeque<>();

    public RedisNodes(String url, String namespace) {
        this.url = url;
        this.namespace = namespace;
    }

    /** Connects one more node, and waits until Redis answers it. */
    public RedisConnection connect() {
        return keep(PatientRedis.connect(url));
    }

    /** Starts the caches of one more node, and waits until it trusts its log. */
    public CacheRegistry start() {
        return start(connect());
    }

    /** Starts the caches of a node, and waits until it trusts its log. */
    public CacheRegistry start(RedisConnection connection) {
        CacheRegistry registry = keep(
                CacheRegistry.builder().redis(connection).namespace(namespace).build());
        await().until(() -> registry.invalidationStats().trusted());
        return registry;
    }

    /** Has a connection closed with the nodes. */
    public RedisConnection keep(RedisConnection connection) {
        closings.push(connection::close);
        return connection;
    }

    /** Has a registry closed with the nodes. */
    public CacheRegistry keep(CacheRegistry registry) {
        closings.push(registry::close);
        return registry;
    }

    @Override
    public void close() {
        while (!closings.isEmpty()) {
            closings.pop().run();
        }
    }
}
