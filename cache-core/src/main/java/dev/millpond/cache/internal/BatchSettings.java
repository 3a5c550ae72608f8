package dev.millpond.cache.internal;

import dev.millpond.cache.Batch;
import dev.millpond.cache.OnFailure;
import dev.millpond.runtime.spi.GivenSettings;

/** How the batches of one cache are dealt with. */
record BatchSettings(String cache, int chunkSize, OnFailure onFailure) {

    BatchSettings {
        new GivenSettings(ofCache(cache)).notNull("onFailure", onFailure);
        Checks.inRange(ofCache(cache) + ": chunkSize", chunkSize, 1, Batch.MAXIMUM_CHUNK_SIZE);
    }

    static BatchSettings of(String cache) {
        return new BatchSettings(cache, Batch.DEFAULT_CHUNK_SIZE, OnFailure.FAIL);
    }

    BatchSettings withChunkSize(int keys) {
        return new BatchSettings(cache, keys, onFailure);
    }

    BatchSettings with(OnFailure policy) {
        return new BatchSettings(cache, chunkSize, policy);
    }

    boolean endsAtFailure() {
        return onFailure == OnFailure.FAIL;
    }

    private static String ofCache(String cache) {
        return "Batch of cache '" + cache + "'";
    }
}
