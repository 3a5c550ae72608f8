package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.peers.Await;
import dev.millpond.testkit.RedisServer;
import java.time.Duration;

/** Empties a Redis that may hold millions of keys, which takes longer than one answer may. */
final class EmptyRedis {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private EmptyRedis() {}

    /** Returns when all memory is free again, so that this is no part of what is measured next. */
    static void of(RedisServer redis) throws Exception {
        redis.command("FLUSHALL", "ASYNC");
        RedisProbe probe = new RedisProbe(redis.url());
        if (!Await.until(LIMIT, () -> probe.number("memory", "lazyfree_pending_objects") == 0)) {
            throw new IllegalStateException("Redis at " + redis.url() + " was not empty within a minute.");
        }
    }
}
