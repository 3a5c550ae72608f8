package dev.millpond.cache.oracle;

import dev.millpond.testkit.RedisServer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Faults of a server that may not take more memory than it has. */
final class MemoryFaults {

    /** Stores keys of a program that takes much and lets go of it after a while. */
    private static final String FILL = "for i = 1, 200 do"
            + " redis.call('SET', 'filler:' .. ARGV[1] .. ':' .. i, string.rep('x', 1000), 'PX', 3000) end";

    private static final int FILLS = 30;
    private static final long SPARE_BYTES = 2_000_000;
    private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");

    private MemoryFaults() {}

    /** Returns the faults: any key may be evicted at any write, and no write is taken. */
    static List<Fault> of(RedisServer server) {
        return List.of(
                Fault.ofServers("evictions", () -> evict(server), () -> lift(server)),
                Fault.ofServers("out of memory", () -> refuse(server), () -> lift(server)));
    }

    /** Lets the server take what it likes again. */
    static void lift(RedisServer server) {
        limit(server, "noeviction", 0);
    }

    /** Leaves little room; once it is full, each write evicts something. */
    static void limit(RedisServer server, String policy) {
        limit(server, policy, used(server) + SPARE_BYTES);
    }

    /** Writes what fits into a part of the room. */
    static void fill(RedisServer server, int number) {
        server.command("EVAL", FILL, "0", "" + number);
    }

    /** Most of what is stored has to go, and which keys go is chance. */
    private static void evict(RedisServer server) {
        limit(server, "allkeys-random");
        for (int i = 0; i < FILLS; i++) {
            fill(server, i);
        }
    }

    private static void refuse(RedisServer server) {
        limit(server, "noeviction", 1);
    }

    private static void limit(RedisServer server, String policy, long bytes) {
        server.command("CONFIG", "SET", "maxmemory-policy", policy, "maxmemory", "" + bytes);
    }

    private static long used(RedisServer server) {
        Matcher used = USED.matcher(String.valueOf(server.command("INFO", "memory")));
        if (!used.find()) {
            throw new IllegalStateException("Redis does not say how much memory it uses.");
        }
        return Long.parseLong(used.group(1));
    }
}
