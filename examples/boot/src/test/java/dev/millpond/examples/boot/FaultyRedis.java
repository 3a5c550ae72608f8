package dev.millpond.examples.boot;

import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisServer;

/** A Redis with a password, behind a network; both can be broken, and both are mended together. */
final class FaultyRedis implements AutoCloseable {

    private static final String USER = "standings";
    private static final String PASSWORD = "right";

    private final RedisServer server;
    private final FaultProxy network;

    FaultyRedis(RedisServer server) {
        this.server = server;
        this.network = FaultProxy.to(server);
    }

    /** Returns the URL with which the application logs in, through the network. */
    String url() {
        return network.url().replace("redis://", "redis://" + USER + ":" + PASSWORD + "@");
    }

    RedisServer server() {
        return server;
    }

    FaultProxy network() {
        return network;
    }

    /** Changes the password, which is asked for at the next connection. */
    void changePassword(String password) {
        server.command("ACL", "SETUSER", USER, "reset", "on", ">" + password, "~*", "&*", "+@all");
    }

    void allowMemory(long bytes) {
        server.command("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", Long.toString(bytes));
    }

    /** Ends every fault that there may be. */
    void mend() {
        server.resume();
        server.start();
        server.command("REPLICAOF", "NO", "ONE");
        allowMemory(0);
        changePassword(PASSWORD);
        network.restore();
    }

    boolean has(String key) {
        return Long.valueOf(1).equals(server.command("EXISTS", key));
    }

    @Override
    public void close() {
        mend();
        server.command("ACL", "DELUSER", USER);
        network.close();
    }
}
