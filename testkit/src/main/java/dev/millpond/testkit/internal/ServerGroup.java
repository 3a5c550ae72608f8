package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Redis servers that work together and replace each other. */
public abstract class ServerGroup {

    /** A sentinel that noticed that its clock jumped does nothing for 30 s (its TILT mode). */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String name;
    private final List<OwnRedis> nodes;

    ServerGroup(String name, List<OwnRedis> nodes) {
        this.name = name;
        this.nodes = nodes;
    }

    /** Returns the servers that hold keys, in the order of their first start. */
    public final List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /** Returns all servers that a client connects to. */
    public List<RedisServer> endpoints() {
        return nodes();
    }

    /** Returns the servers that take writes now. */
    public abstract List<RedisServer> masters();

    /** Returns the server that takes the writes of a key; waits for one. */
    public final RedisServer masterOf(String key) {
        List<RedisServer> found = new ArrayList<>();
        await(() -> {
            findMaster(key).ifPresent(found::add);
            return found.isEmpty() ? "no server takes writes of the key '" + key + "'" : "";
        });
        return found.get(0);
    }

    /** Makes a replica the master of a key, in an orderly way, and waits until it is. */
    public abstract void failover(String key);

    /** Waits until every server answers, all agree on who is who, and every replica is up to date. */
    public final void awaitHealthy() {
        await(this::trouble);
    }

    /** Starts and resumes every server and waits until all is well. */
    public final void heal() {
        processes().forEach(OwnRedis::resume);
        processes().forEach(OwnRedis::start);
        tidy();
        awaitHealthy();
    }

    /** Returns all processes. */
    Stream<OwnRedis> processes() {
        return nodes.stream();
    }

    /** Returns the servers that hold keys and run. */
    final Stream<OwnRedis> running() {
        return nodes.stream().filter(OwnRedis::running);
    }

    /** Returns the server that takes the writes of a key, if there is one at the moment. */
    abstract Optional<RedisServer> findMaster(String key);

    /** Ends what a test left half done. */
    abstract void tidy();

    /** Returns what is not well, or nothing. */
    abstract String trouble();

    /** Returns what the servers say of each other, for who reads that they do not agree. */
    String views() {
        return "";
    }

    /** Waits until the words that say what is missing are empty. */
    final void await(Supplier<String> missing) {
        boolean done = Poll.until(LIMIT, () -> withoutThrowing(missing).isEmpty());
        if (!done) {
            throw new IllegalStateException("The " + name + " is not as it should be after " + LIMIT.toSeconds()
                    + " s: " + withoutThrowing(missing) + "." + withoutThrowing(this::views));
        }
    }

    private static String withoutThrowing(Supplier<String> missing) {
        try {
            return missing.get();
        } catch (UncheckedIOException | IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
