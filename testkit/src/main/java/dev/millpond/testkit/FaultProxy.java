package dev.millpond.testkit;

import dev.millpond.testkit.internal.Acceptor;
import dev.millpond.testkit.internal.DaemonThreads;
import dev.millpond.testkit.internal.FaultGate;
import dev.millpond.testkit.internal.FaultGate.Fault;
import dev.millpond.testkit.internal.Loopback;
import dev.millpond.testkit.internal.ProxiedConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A TCP proxy on 127.0.0.1 in front of a server, which breaks the connection in the ways networks do.
 *
 * <p>It begins without a fault. Thread-safe. Close it to free its port and threads.
 */
public final class FaultProxy implements NetworkFaults {

    private final InetSocketAddress target;
    private final int port = Loopback.freePort();
    private final ExecutorService threads =
            Executors.newCachedThreadPool(new DaemonThreads("millpond-fault-proxy-" + port));
    private final FaultGate gate = new FaultGate();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private Acceptor acceptor;

    private FaultProxy(InetSocketAddress target) {
        this.target = target;
        this.acceptor = listen();
    }

    /** Starts a proxy in front of a Redis. */
    public static FaultProxy to(RedisServer server) {
        return to(server.host(), server.port());
    }

    /** Starts a proxy in front of any TCP server, which need not run yet. */
    public static FaultProxy to(String host, int port) {
        return new FaultProxy(new InetSocketAddress(host, port));
    }

    /** Returns the port that clients connect to; it stays the same over every fault. */
    public int port() {
        return port;
    }

    /** Returns the Redis URL that clients connect to, for example {@code redis://127.0.0.1:16380}. */
    public String url() {
        return "redis://" + Loopback.HOST + ":" + port;
    }

    /** Returns how many connections are open now. */
    public int openConnections() {
        return connections.size();
    }

    /** Returns how many connections were accepted since the start. */
    public long acceptedConnections() {
        return accepted.get();
    }

    @Override
    public void cut() {
        resetIf(connection -> true);
    }

    @Override
    public synchronized void refuse() {
        gate.set(Fault.REFUSE, Duration.ZERO);
        acceptor.close();
        cut();
    }

    @Override
    public void delay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException(
                    "FaultProxy cannot delay by " + delay + ": nothing arrives before it was sent. Use zero or more.");
        }
        begin(Fault.DELAY, delay);
    }

    @Override
    public void blackhole() {
        begin(Fault.BLACKHOLE, Duration.ZERO);
    }

    @Override
    public void halfOpen() {
        begin(Fault.HALF_OPEN, Duration.ZERO);
    }

    @Override
    public void restore() {
        begin(Fault.NONE, Duration.ZERO);
        resetIf(ProxiedConnection::damaged);
    }

    @Override
    public void close() {
        refuse();
        threads.shutdownNow();
    }

    private synchronized void begin(Fault fault, Duration delay) {
        gate.set(fault, delay);
        if (acceptor.closed()) {
            acceptor = listen();
        }
    }

    private Acceptor listen() {
        return Acceptor.start(port, threads, this::open);
    }

    private void open(Socket client) {
        ProxiedConnection connection = new ProxiedConnection(client, gate, connections::remove);
        connections.add(connection);
        accepted.incrementAndGet();
        connection.start(target, threads);
    }

    private void resetIf(Predicate<ProxiedConnection> condition) {
        connections.stream().filter(condition).forEach(ProxiedConnection::reset);
    }
}
