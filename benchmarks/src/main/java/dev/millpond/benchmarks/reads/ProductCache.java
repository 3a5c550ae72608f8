package dev.millpond.benchmarks.reads;

import dev.millpond.benchmarks.peers.Machine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filled cache of products as one library reads it; thread-safe. */
interface ProductCache {

    @Nullable
    Product get(String key);

    default Map<String, Product> getAll(List<String> keys) {
        throw new UnsupportedOperationException("Reads of many keys are not compared here.");
    }

    /** Returns how many reads were not answered where they should be, so far. */
    default long strays() {
        return 0;
    }

    /** Opens and fills a cache. */
    interface Opener {

        ProductCache open(Machine machine, List<String> keys) throws Exception;
    }
}
