package dev.millpond.cache.internal;

import dev.millpond.cache.OnFailure;
import java.time.Duration;

/**
 * How a warmer works.
 *
 * @param loadsPerSecond infinite without a bound
 */
record WarmerSettings(
        String name, int concurrency, double loadsPerSecond, int batchSize, Duration deadline, OnFailure onFailure) {}
