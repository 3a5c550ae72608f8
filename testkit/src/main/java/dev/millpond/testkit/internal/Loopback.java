package dev.millpond.testkit.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/** The interface that test servers listen on, and its ports. */
public final class Loopback {

    /** The host part of every URL. */
    public static final String HOST = "127.0.0.1";

    /*
     * Below the range from which systems number outgoing connections (from 32768 on Linux, from 49152 elsewhere):
     * a client that keeps trying to reconnect to a stopped server could otherwise get the server's own port as its
     * source port, connect to itself, and keep the server from coming back.
     */
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    /** How much higher than its port a cluster node's second port is, by which nodes talk to each other. */
    private static final int CLUSTER_BUS = 10_000;

    private static final int ATTEMPTS = 100;
    private static final int BACKLOG = 256;

    private Loopback() {}

    /** Returns a port that nobody listens on and that stays free while its server is down. */
    public static int freePort() {
        return freePort(HIGHEST, Loopback::isFree);
    }

    /** Returns a port for a cluster node, whose second port is free, too. */
    static int freeClusterPort() {
        return freePort(HIGHEST - CLUSTER_BUS, port -> isFree(port) && isFree(port + CLUSTER_BUS));
    }

    private static int freePort(int highest, IntPredicate suitable) {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, LOWEST, highest)
                .filter(suitable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No free port of " + HOST + " found between " + LOWEST
                        + " and " + highest + " in " + ATTEMPTS + " attempts."));
    }

    /**
     * Listens on a port.
     *
     * @throws IOException if somebody else does
     */
    public static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = listen(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
