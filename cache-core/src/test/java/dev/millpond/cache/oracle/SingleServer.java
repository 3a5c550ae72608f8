package dev.millpond.cache.oracle;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One Redis server, and a proxy in front of it for each node. */
class SingleServer implements Fleet {

    private final RedisServer server;
    private final List<FaultProxy> proxies;

    SingleServer(RedisServer server) {
        this.server = server;
        this.proxies = Stream.generate(() -> FaultProxy.to(server)).limit(NODES).toList();
    }

    @Override
    public RedisConnection connect(int node) {
        return RedisConnection.to(proxies.get(node).url());
    }

    @Override
    public List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        faults.addAll(ProxyFaults.of(proxies::get));
        faults.addAll(DataFaults.of(() -> List.of(server::command), Node.NAMESPACE));
        faults.add(Fault.ofServers("server paused", server::pause, server::resume));
        faults.add(Fault.ofServers("server killed", server::stop, server::start));
        faults.addAll(MemoryFaults.of(server));
        return faults;
    }

    @Override
    public void unlink(String key) {
        server.command("UNLINK", key);
    }

    @Override
    public void repair() {
        if (server.controllable()) {
            server.resume();
            server.start();
            MemoryFaults.lift(server);
        }
        proxies.forEach(FaultProxy::restore);
    }

    @Override
    public void close() {
        repair();
        proxies.forEach(FaultProxy::close);
    }

    @Override
    public String toString() {
        return "single server";
    }
}
