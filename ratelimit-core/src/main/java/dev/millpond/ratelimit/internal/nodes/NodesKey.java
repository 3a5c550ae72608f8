package dev.millpond.ratelimit.internal.nodes;

import dev.millpond.ratelimit.internal.nodes.CountedNodes.Count;
import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.OptionalOptions;
import org.redisson.client.codec.StringCodec;

/** The key in Redis that holds the nodes that are alive: a sorted set, by when each was heard last; thread-safe. */
final class NodesKey implements NodesInRedis {

    /** Forgets also who was heard later than now: a clock that was set back would keep the dead alive. */
    private static final String BEAT = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local life = tonumber(ARGV[2])
            local before = redis.call('ZSCORE', KEYS[1], ARGV[1])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - life)
            redis.call('ZREMRANGEBYSCORE', KEYS[1], now + life, '+inf')
            redis.call('ZADD', KEYS[1], now, ARGV[1])
            redis.call('PEXPIRE', KEYS[1], 2 * life)
            return {redis.call('ZCARD', KEYS[1]), before and now - before or -1}
            """;

    private static final Duration BEAT_BUDGET = Duration.ofMillis(500);

    /** Nobody has to wait for it. */
    private static final Duration LEAVE_BUDGET = Duration.ofSeconds(5);

    private final RedisGuard guard;
    private final String name;

    NodesKey(RedisGuard guard, String name) {
        this.guard = guard;
        this.name = name;
    }

    @Override
    public CompletionStage<Count> beat(String node) {
        return guard.callAsync(BEAT_BUDGET, client -> evaluate(client, node)).thenApply(NodesKey::count);
    }

    private CompletionStage<List<Long>> evaluate(RedissonClient client, String node) {
        return client.getScript(
                        OptionalOptions.defaults().codec(StringCodec.INSTANCE).retryAttempts(0))
                .evalAsync(
                        RScript.Mode.READ_WRITE,
                        BEAT,
                        RScript.ReturnType.LIST,
                        List.of(name),
                        node,
                        CountedNodes.LIFE.toMillis());
    }

    /** A clock that was set back leaves as much in doubt as a node that was lost. */
    private static Count count(List<Long> answer) {
        long silence = answer.get(1);
        return new Count(Math.toIntExact(answer.get(0)), silence < 0 ? Count.FOREVER : Duration.ofMillis(silence));
    }

    @Override
    public CompletionStage<?> leave(String node) {
        return guard.callAsync(
                LEAVE_BUDGET,
                client -> client.getScoredSortedSet(name, StringCodec.INSTANCE).removeAsync(node));
    }

    @Override
    public String toString() {
        return name;
    }
}
