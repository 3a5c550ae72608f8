package dev.millpond.cache.internal;

import java.time.Duration;

/**
 * The checked settings of the loads of one cache, as {@link dev.millpond.cache.CacheBuilder} describes them.
 *
 * @param slowLoadThreshold zero if no load is slow
 */
record LoadSettings(Duration slowLoadThreshold) {}
