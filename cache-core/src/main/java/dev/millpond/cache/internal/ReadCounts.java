package dev.millpond.cache.internal;

import dev.millpond.runtime.spi.HeavyHitters;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts which keys of one cache are read most, or a sample of the reads if they are many; thread-safe.
 *
 * @param <K> the type of keys
 */
final class ReadCounts<K> {

    /*
     * What does a read pay for being counted?
     *
     * Of n reads one is counted, as n. Each thread passes over a random number of its reads, n on average, before it
     * counts the next one: a read takes one from a number that is its thread's own, or nearly so, and no random number
     * of its own. That nothing is regular matters: of a loop over keys each sixteenth read may be the same key.
     *
     * At first n is 1, and nobody could measure what that costs, because a thousand reads per second take so little
     * time that twice as much is nothing. It grows as soon as a period has as many samples as are enough, and shrinks at
     * the end of one that had few. So what is hardly read is counted exactly, and keys of all nodes are counted in
     * reads, whatever their n.
     */

    /** As many that some more would hardly change the order of the hottest keys. */
    static final int MOST_SAMPLES = 100_000;

    private static final int RAREST = 1_024;

    /** A power of two. */
    private static final int STRIPES = 64;

    private static final int INTS_PER_CACHE_LINE = 16;

    private final int most;
    private final int mostSamples;
    private final CacheSwitch allowed;
    private final AtomicInteger samples = new AtomicInteger();
    private final int[] passedOver = new int[STRIPES * INTS_PER_CACHE_LINE];
    private volatile int every = 1;
    private volatile HeavyHitters<K> counts;

    /**
     * Creates it without counts.
     *
     * @param most how many keys are counted at once
     * @param mostSamples how many reads of a period are counted before only some are
     */
    ReadCounts(int most, int mostSamples, CacheSwitch allowed) {
        this.most = most;
        this.mostSamples = mostSamples;
        this.allowed = allowed;
        this.counts = new HeavyHitters<>(most);
    }

    /** Takes note of a read. Where threads share a number, one of their steps may get lost, which is random enough. */
    void read(K key) {
        int stripe = ((int) Thread.currentThread().getId() & (STRIPES - 1)) * INTS_PER_CACHE_LINE;
        if (--passedOver[stripe] <= 0) {
            int one = every;
            passedOver[stripe] = 1 + ThreadLocalRandom.current().nextInt(2 * one - 1);
            count(key, one);
        }
    }

    private void count(K key, int times) {
        if (allowed.keepsKey(key)) {
            counts.add(key, times);
            if (samples.incrementAndGet() >= mostSamples && times < RAREST) {
                countMoreRarely(times);
            }
        }
    }

    /** So many samples would there be if reads had been counted as rarely from the beginning. */
    private synchronized void countMoreRarely(int seen) {
        if (every == seen) {
            every = 2 * seen;
            samples.set(mostSamples / 2);
        }
    }

    /** Returns how often keys were read since this was called last, for certain, and begins anew. */
    synchronized Map<K, Long> take() {
        HeavyHitters<K> taken = counts;
        counts = new HeavyHitters<>(most);
        return taken.certain();
    }

    /** Ends a period, which tells how many reads are to be expected in the next one, and begins that. */
    synchronized void beginPeriod() {
        for (int seen = samples.getAndSet(0); every > 1 && seen < mostSamples / 4; seen *= 2) {
            every /= 2;
            Arrays.fill(passedOver, 0);
        }
    }
}
