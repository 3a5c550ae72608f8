package dev.millpond.benchmarks.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.benchmarks.peers.LettuceNodes;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.RedissonNodes;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Objects;
import org.redisson.api.RScript;
import org.redisson.client.codec.StringCodec;

/**
 * The least that a limit in Redis needs: one script that keeps one number, called by hand.
 *
 * @param keys the keys in Redis
 * @param script calls it with one key
 */
record ScriptLimits(List<String> keys, Script script) implements Limits {

    /**
     * Keeps the time at which the bucket will be full again; how far that may be in the future is the capacity.
     *
     * <p>KEYS: the limit. ARGV: microseconds per token, and of all tokens.
     */
    private static final String TEXT = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local full = tonumber(redis.call('GET', KEYS[1]) or now)
            if full < now then full = now end
            full = full + ARGV[1]
            if full - now > tonumber(ARGV[2]) then return 0 end
            redis.call('SET', KEYS[1], string.format('%.3f', full), 'PX', math.ceil((full - now) / 1000) + 10000)
            return 1
            """;

    static Limits onLettuce(Machine machine, Allowance allowance, List<String> keys) throws Exception {
        RedisCommands<String, byte[]> redis = LettuceNodes.of(machine).bytes().sync();
        String digest = redis.scriptLoad(TEXT);
        byte[] perToken = bytes(allowance.microsPerToken());
        byte[] all = bytes(allowance.micros());
        return new ScriptLimits(named(keys), key -> {
            Long admitted = redis.evalsha(digest, ScriptOutputType.INTEGER, new String[] {key}, perToken, all);
            return Objects.requireNonNull(admitted) == 1;
        });
    }

    static Limits onRedisson(Machine machine, Allowance allowance, List<String> keys) throws Exception {
        RScript redis = RedissonNodes.client(machine).getScript(StringCodec.INSTANCE);
        String digest = redis.scriptLoad(TEXT);
        String perToken = Double.toString(allowance.microsPerToken());
        String all = Double.toString(allowance.micros());
        return new ScriptLimits(named(keys), key -> {
            Long admitted = redis.evalSha(
                    RScript.Mode.READ_WRITE, digest, RScript.ReturnType.LONG, List.of(key), perToken, all);
            return Objects.requireNonNull(admitted) == 1;
        });
    }

    @Override
    public boolean tryAcquire(int key) {
        return script.admits(keys.get(key));
    }

    private static List<String> named(List<String> keys) {
        return keys.stream().map(key -> "limit:" + key).toList();
    }

    private static byte[] bytes(double number) {
        return Double.toString(number).getBytes(UTF_8);
    }

    interface Script {

        boolean admits(String key);
    }
}
