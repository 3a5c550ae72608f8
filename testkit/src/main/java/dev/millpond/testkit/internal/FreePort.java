package dev.millpond.testkit.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds a free port of the loopback interface that stays free while its server is down. */
public final class FreePort {

    /*
     * Below the range from which systems number outgoing connections (from 32768 on Linux, from 49152 elsewhere):
     * a client that keeps trying to reconnect to a stopped server could otherwise get the server's own port as its
     * source port, connect to itself, and keep the server from coming back.
     */
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /** Returns a port that nobody listens on. */
    public static int find() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port of 127.0.0.1 found between " + LOWEST + " and " + HIGHEST + " in "
                + ATTEMPTS + " attempts.");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
