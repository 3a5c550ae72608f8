package dev.millpond.testkit;

import dev.millpond.testkit.internal.ServerGroup;
import dev.millpond.testkit.internal.SharedGroup;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Several Redis servers that replace each other, for the tests of a class: healthy and empty when the class begins.
 *
 * <p>Use one as a static field with {@code @RegisterExtension}. The servers are always redis-server processes on free
 * ports of 127.0.0.1, from the PATH or the program that comes with this module for Linux and macOS, also where
 * {@code MILLPOND_TEST_REDIS} is set or Docker answers. The first use in a JVM starts them, which takes a few seconds,
 * all test classes share them, and they end with the JVM. Servers that do not get well again before a class begins are
 * replaced, with the reason in the log. Methods that wait throw {@link IllegalStateException} after 60 s, with what is
 * missing. Thread-safe, but what a test breaks is broken for every test that runs at the same time.
 */
public abstract sealed class RedisTopology implements BeforeAllCallback, BeforeEachCallback
        permits RedisCluster, RedisSentinels {

    private final SharedGroup<?> shared;
    private boolean prepared;

    RedisTopology(SharedGroup<?> shared) {
        this.shared = shared;
    }

    /**
     * Returns the servers that hold keys, in a fixed order; each can be killed, restarted and paused by itself.
     *
     * @throws IllegalStateException if no redis-server can be started on this machine
     */
    public final List<RedisServer> nodes() {
        return group().nodes();
    }

    /** Returns the servers that take writes now. */
    public final List<RedisServer> masters() {
        return group().masters();
    }

    /**
     * Returns the server that takes the writes of a key; waits for one while a failover is under way.
     *
     * <p>So this is how to wait for a replica to take over: {@code masterOf(key).stop()}, then {@code masterOf(key)}.
     */
    public final RedisServer masterOf(String key) {
        return group().masterOf(key);
    }

    /**
     * Has a replica replace the master of a key, in the orderly way that needs no dead server, and waits until it has.
     *
     * @throws IllegalStateException if there is no replica that could
     */
    public final void failover(String key) {
        group().failover(key);
    }

    /**
     * Kills the master of a key without a chance to say goodbye and waits until a replica has taken over, about 3 to 5
     * s.
     *
     * @return the killed server, to be started again; it comes back empty and follows the new master
     */
    public final RedisServer killMasterOf(String key) {
        RedisServer master = masterOf(key);
        master.stop();
        masterOf(key);
        return master;
    }

    /** Deletes every key of every server. */
    public final void flush() {
        masters().forEach(RedisServer::flush);
    }

    /** Makes every server forget its scripts, so that clients meet {@code NOSCRIPT}. */
    public final void flushScripts() {
        nodes().forEach(node -> node.command("SCRIPT", "FLUSH"));
    }

    /** Waits until every server answers, all agree on who is who, and every replica follows its master. */
    public final void awaitHealthy() {
        group().awaitHealthy();
    }

    /** Starts and resumes every server, ends slot migrations that were left open, and waits until all is healthy. */
    public final void heal() {
        group().heal();
    }

    /** Puts a proxy in front of every server that clients connect to; each client can have its own set. */
    public final FaultProxies proxies() {
        return FaultProxies.to(group().endpoints());
    }

    /** Returns the content of a Redisson configuration file that connects to these servers. */
    public final String redissonYaml() {
        return redissonYaml(Map.of());
    }

    /**
     * Returns the content of a Redisson configuration file that connects through proxies.
     *
     * @param proxies of this topology; wherever the servers name each other, the client goes to the proxy instead
     */
    public final String redissonYaml(FaultProxies proxies) {
        return redissonYaml(proxies.addresses());
    }

    @Override
    public final void beforeAll(ExtensionContext context) {
        prepare();
    }

    /** Does what {@link #beforeAll} does if the extension was registered by a field that is not static. */
    @Override
    public final void beforeEach(ExtensionContext context) {
        if (!prepared) {
            prepare();
        }
    }

    ServerGroup group() {
        return shared.get();
    }

    /** Returns the lines of the configuration file that name these addresses, a YAML list. */
    abstract String redissonServers(String addresses);

    /** Returns the servers from which a client learns of the others. */
    abstract List<RedisServer> contacts();

    private String redissonYaml(Map<String, String> proxied) {
        String contacts = contacts().stream()
                .map(server -> server.host() + ":" + server.port())
                .map(address -> "\"redis://" + proxied.getOrDefault(address, address) + "\"")
                .collect(Collectors.joining(", ", "[", "]"));
        String natMap = proxied.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": \"" + entry.getValue() + "\"")
                .collect(Collectors.joining(", ", "{", "}"));
        return redissonServers(contacts)
                + (proxied.isEmpty()
                        ? ""
                        : "  natMapper: !<org.redisson.config.HostPortNatMapper> {hostsPortMap: " + natMap + "}\n");
    }

    private void prepare() {
        shared.healed();
        flush();
        prepared = true;
    }
}
