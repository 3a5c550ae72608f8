package dev.millpond.benchmarks.peers;

import java.util.List;
import org.redisson.api.map.MapLoader;

/**
 * The source as Redisson's maps ask for it.
 *
 * @param source where values come from
 */
record SourceMapLoader(Source source) implements MapLoader<String, String> {

    @Override
    public String load(String key) {
        return source.load(key);
    }

    @Override
    public Iterable<String> loadAllKeys() {
        return List.of();
    }
}
