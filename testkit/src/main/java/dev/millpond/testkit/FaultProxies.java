package dev.millpond.testkit;

import dev.millpond.testkit.internal.Loopback;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A client's own network to a Redis of several servers: one {@link FaultProxy} in front of each, and one switch for
 * all.
 *
 * <p>Get it from {@link RedisTopology#proxies()}. Servers of a cluster, and Sentinel, tell clients the addresses of the
 * other servers; {@link #addresses()} is what leads a client to its proxies instead. Thread-safe. Close it to free
 * ports and threads.
 */
public final class FaultProxies implements NetworkFaults {

    private final Map<RedisServer, FaultProxy> proxies = new LinkedHashMap<>();

    private FaultProxies(Collection<RedisServer> servers) {
        servers.forEach(server -> proxies.put(server, FaultProxy.to(server)));
    }

    /** Starts a proxy in front of each server; the servers need not run yet. */
    public static FaultProxies to(Collection<RedisServer> servers) {
        return new FaultProxies(servers);
    }

    /**
     * Returns the proxy in front of one server, to break the way to that one alone.
     *
     * @throws IllegalArgumentException if it is no server of these
     */
    public FaultProxy of(RedisServer server) {
        FaultProxy proxy = proxies.get(server);
        if (proxy == null) {
            throw new IllegalArgumentException("There is no proxy in front of " + server.url()
                    + ": these proxies were made for other servers. Use one of "
                    + addresses().keySet() + ".");
        }
        return proxy;
    }

    /** Returns {@code host:port} of each proxy by {@code host:port} of its server. */
    public Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        proxies.forEach((server, proxy) ->
                addresses.put(server.host() + ":" + server.port(), Loopback.HOST + ":" + proxy.port()));
        return addresses;
    }

    @Override
    public void cut() {
        all(FaultProxy::cut);
    }

    @Override
    public void refuse() {
        all(FaultProxy::refuse);
    }

    @Override
    public void delay(Duration delay) {
        all(proxy -> proxy.delay(delay));
    }

    @Override
    public void blackhole() {
        all(FaultProxy::blackhole);
    }

    @Override
    public void halfOpen() {
        all(FaultProxy::halfOpen);
    }

    @Override
    public void restore() {
        all(FaultProxy::restore);
    }

    @Override
    public void close() {
        all(FaultProxy::close);
    }

    private void all(Consumer<FaultProxy> fault) {
        proxies.values().forEach(fault);
    }
}
