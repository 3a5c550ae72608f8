package dev.millpond.benchmarks.scaling;

import static dev.millpond.benchmarks.scaling.CopiedEntries.bytes;

import dev.millpond.benchmarks.peers.LettuceNodes;
import dev.millpond.benchmarks.peers.Machine;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Entries as plain values, and for their tag a set of their keys, as they are often kept by hand.
 *
 * @param redis a connection of Lettuce
 * @param script whether a script in Redis deletes them; else the keys are fetched, and deleted by commands that do not
 *     wait for each other
 */
record IndexedDependants(StatefulRedisConnection<String, byte[]> redis, boolean script) implements Dependants {

    private static final String INDEX = "tag:group-0";
    private static final String PREFIX = "entries:key-";
    private static final int AT_ONCE = 5_000;
    private static final int CHUNK = 1_000;
    private static final int SAMPLES = 100;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final String FILL = """
            for i = tonumber(ARGV[2]), tonumber(ARGV[3]) do
              redis.call('SET', ARGV[1] .. i, 'value of any key', 'EX', 7200)
              redis.call('SADD', KEYS[1], ARGV[1] .. i)
            end
            return 1
            """;

    private static final String INVALIDATE = """
            local keys = redis.call('SMEMBERS', KEYS[1])
            for i = 1, #keys, 1000 do
              redis.call('UNLINK', unpack(keys, i, math.min(#keys, i + 999)))
            end
            redis.call('UNLINK', KEYS[1])
            return #keys
            """;

    static Dependants deletedByPipeline(Machine machine) throws Exception {
        return new IndexedDependants(LettuceNodes.of(machine).bytes(), false);
    }

    static Dependants deletedByScript(Machine machine) throws Exception {
        return new IndexedDependants(LettuceNodes.of(machine).bytes(), true);
    }

    @Override
    public void fill(int count) {
        for (int from = 0; from < count; from += AT_ONCE) {
            redis.sync()
                    .eval(
                            FILL,
                            ScriptOutputType.INTEGER,
                            new String[] {INDEX},
                            bytes(PREFIX),
                            bytes("" + from),
                            bytes("" + (Math.min(count, from + AT_ONCE) - 1)));
        }
    }

    @Override
    public void invalidate() {
        if (script) {
            redis.sync().eval(INVALIDATE, ScriptOutputType.INTEGER, INDEX);
            return;
        }
        String[] keys = redis.sync().smembers(INDEX).stream().map(String::new).toArray(String[]::new);
        List<RedisFuture<Long>> deletions = new ArrayList<>();
        for (int from = 0; from < keys.length; from += CHUNK) {
            deletions.add(redis.async()
                    .unlink(List.of(keys)
                            .subList(from, Math.min(keys.length, from + CHUNK))
                            .toArray(String[]::new)));
        }
        deletions.add(redis.async().unlink(INDEX));
        if (!LettuceFutures.awaitAll(LIMIT, deletions.toArray(RedisFuture[]::new))) {
            throw new IllegalStateException("Redis did not delete all entries within " + LIMIT.toSeconds() + " s.");
        }
    }

    @Override
    public long held(int count) {
        return IntStream.range(0, SAMPLES)
                .filter(i -> redis.sync().get(PREFIX + (long) i * (count - 1) / (SAMPLES - 1)) != null)
                .count();
    }

    @Override
    public Set<String> commands() {
        return script ? Set.of("eval") : Set.of("smembers", "unlink");
    }
}
