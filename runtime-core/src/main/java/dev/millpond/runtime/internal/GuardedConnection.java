package dev.millpond.runtime.internal;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisUrl;
import org.redisson.api.RedissonClient;

/** Placeholder of the first commit. */
@SuppressWarnings("DoNotCallSuggester")
public final class GuardedConnection {

    private GuardedConnection() {}

    /** Connects to a URL. */
    public static RedisConnection start(RedisUrl url) {
        throw new IllegalStateException("skeleton " + url);
    }

    /** Uses a client. */
    public static RedisConnection start(RedissonClient client) {
        throw new IllegalStateException("skeleton " + client);
    }
}
