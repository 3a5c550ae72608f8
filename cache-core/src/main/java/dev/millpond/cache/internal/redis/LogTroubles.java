package dev.millpond.cache.internal.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an invalidation log warns of, each trouble once; thread-safe. */
final class LogTroubles {

    private static final Logger log = LoggerFactory.getLogger(RedisInvalidationLog.class);

    private final String namespace;
    private final Duration pollInterval;
    private final AtomicBoolean deaf = new AtomicBoolean();
    private final AtomicBoolean unreadable = new AtomicBoolean();
    private final AtomicBoolean losing = new AtomicBoolean();

    LogTroubles(String namespace, Duration pollInterval) {
        this.namespace = namespace;
        this.pollInterval = pollInterval;
    }

    void keeping(Throwable failure) {
        log.warn(
                "An invalidation could not be sent to Redis. It is kept and sent later; until then this node's caches"
                        + " answer from their loaders. {}",
                failure.getMessage());
    }

    /** Whoever goes on after the end is likely to do it again and again. */
    void losing(Throwable failure) {
        if (losing.compareAndSet(false, true)) {
            log.warn(
                    "An invalidation could not be sent to Redis, and nothing will send it later, because the cache registry"
                            + " of namespace '{}' is closed: other nodes may answer with what they have until it expires."
                            + " Close the registry after its last use. {}",
                    namespace,
                    failure.getMessage());
        }
    }

    void ended(int unsent) {
        if (unsent > 0) {
            log.warn(
                    "{} invalidated names could not be sent to Redis before the end; other nodes may answer with what they"
                            + " have until it expires.",
                    unsent);
        }
    }

    void deaf(Throwable failure) {
        if (deaf.compareAndSet(false, true)) {
            log.warn(
                    "The invalidation channel cannot be listened to; invalidations of other nodes arrive by the poll,"
                            + " every {} ms. {}",
                    pollInterval.toMillis(),
                    failure.getMessage());
        }
    }

    void unreadable(Throwable failure) {
        if (unreadable.compareAndSet(false, true)) {
            log.warn(
                    "The invalidation log cannot be read; until it can, caches answer from their loaders. {}",
                    failure.toString());
        }
    }

    void readable() {
        unreadable.set(false);
    }
}
