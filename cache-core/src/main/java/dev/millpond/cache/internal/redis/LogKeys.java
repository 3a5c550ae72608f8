package dev.millpond.cache.internal.redis;

/**
 * The keys of one namespace's invalidation log, all in one slot.
 *
 * @param table the hash of epoch, sequence, floor, server, and how many names the stream has
 * @param log the stream of invalidations
 * @param channel the channel that announces them
 */
record LogKeys(String table, String log, String channel) {

    static LogKeys of(String namespace) {
        String slot = "{mp:" + namespace + "}:";
        return new LogKeys(slot + "t", slot + "log", slot + "c");
    }
}
