package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Sentinel processes, and what they say about the servers they watch. */
final class Sentinels {

    /** The name under which the sentinels know the servers. */
    static final String MASTER_NAME = "millpond";

    private final List<OwnRedis> processes = new ArrayList<>();

    void add(OwnRedis sentinel) {
        processes.add(sentinel);
    }

    Stream<OwnRedis> processes() {
        return processes.stream();
    }

    /** Has a replica promoted; Sentinel refuses while another failover is under way. */
    void failover() {
        running()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No sentinel runs. Call heal() first."))
                .command("SENTINEL", "FAILOVER", MASTER_NAME);
    }

    /** Returns the port of the master if all sentinels that run name the same. */
    OptionalInt masterPort() {
        List<String> ports = running().map(Sentinels::masterPort).distinct().toList();
        return ports.size() == 1 ? OptionalInt.of(Integer.parseInt(ports.get(0))) : OptionalInt.empty();
    }

    /** Returns which of them misses the master or replaces it just now, or nothing. */
    String doubtAboutMaster() {
        return doubt(sentinel -> "master".equals(master(sentinel).get("flags")));
    }

    /** Returns which of them misses a replica or another sentinel, or nothing. */
    String trouble(int replicas) {
        return doubt(sentinel -> knowsAll(sentinel, replicas));
    }

    /** Returns whom each of them takes for the master, and in which state it is. */
    Stream<String> views() {
        return running().map(sentinel -> {
            Map<String, String> master = master(sentinel);
            String tilt = String.valueOf(sentinel.command("INFO", "sentinel"))
                    .lines()
                    .filter(line -> line.startsWith("sentinel_tilt:"))
                    .collect(Collectors.joining());
            return sentinel.url() + " names " + master.get("port") + " (" + master.get("flags") + ", epoch "
                    + master.get("config-epoch") + ", failover " + master.get("failover-state") + ", " + tilt + ")";
        });
    }

    private Stream<OwnRedis> running() {
        return processes().filter(OwnRedis::running);
    }

    private String doubt(Predicate<RedisServer> sure) {
        return processes()
                .filter(sentinel -> !sure.test(sentinel))
                .findFirst()
                .map(sentinel -> "the sentinel at " + sentinel.url() + " has doubts about a server or another sentinel")
                .orElse("");
    }

    private boolean knowsAll(RedisServer sentinel, int replicas) {
        boolean quorum = ("" + (processes.size() - 1)).equals(master(sentinel).get("num-other-sentinels"));
        List<?> known = (List<?>) Objects.requireNonNull(sentinel.command("SENTINEL", "REPLICAS", MASTER_NAME));
        return quorum
                && known.size() == replicas
                && known.stream()
                        .allMatch(replica -> "slave".equals(fields(replica).get("flags")));
    }

    private static Map<String, String> master(RedisServer sentinel) {
        return fields(sentinel.command("SENTINEL", "MASTER", MASTER_NAME));
    }

    private static String masterPort(RedisServer sentinel) {
        Object address = sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
        return String.valueOf(((List<?>) Objects.requireNonNull(address)).get(1));
    }

    private static Map<String, String> fields(@Nullable Object answer) {
        List<?> words = (List<?>) Objects.requireNonNull(answer);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            fields.put(String.valueOf(words.get(i)), String.valueOf(words.get(i + 1)));
        }
        return fields;
    }
}
