package dev.millpond.examples.standings;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.millpond.cache.CacheResult;
import java.util.function.Supplier;

/**
 * A value with who answered for it; in JSON the members of the value come first, then the other two.
 *
 * @param value the value
 * @param fromCache whether the database was not asked
 * @param source who answered
 * @param <V> the type of the value
 */
public record Answer<V>(@JsonUnwrapped V value, boolean fromCache, CacheResult.Source source) {

    static <V> Answer<V> of(CacheResult<V> result, Supplier<String> whenAbsent) {
        V value = result.value().orElseThrow(() -> new NotFoundException(whenAbsent.get()));
        return new Answer<>(value, result.fromCache(), result.source());
    }

    static <V> Answer<V> fromDatabase(V value) {
        return new Answer<>(value, false, CacheResult.Source.LOADER);
    }
}
