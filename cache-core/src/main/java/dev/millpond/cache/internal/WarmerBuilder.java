package dev.millpond.cache.internal;

import dev.millpond.cache.OnFailure;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.spi.GivenSettings;
import dev.millpond.runtime.spi.ProgressView;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Collects and checks the settings of a warmer.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class WarmerBuilder<K, V> implements Warmer.Builder {

    private static final int MOST_BATCHES = 64;
    private static final int LARGEST_BATCH = 10_000;
    private static final double MOST_LOADS_PER_SECOND = 1_000_000;
    private static final double LEAST_LOADS_PER_SECOND = 1e-6;

    private final TieredLoadingCache<K, V> cache;
    private final Supplier<? extends Stream<? extends K>> keys;
    private final GivenSettings given;
    private String name;
    private int concurrency = 4;
    private double loadsPerSecond = Double.POSITIVE_INFINITY;
    private int batchSize = 100;
    private Duration deadline = Duration.ofMinutes(10);
    private OnFailure onFailure = OnFailure.ACCUMULATE;
    private LongConsumer pause = WarmGate.PARK;
    private Function<String, ProgressView> views = warmer -> ProgressView.begin("warm-up", warmer);

    WarmerBuilder(TieredLoadingCache<K, V> cache, Supplier<? extends Stream<? extends K>> keys) {
        this.cache = cache;
        this.name = cache.name();
        this.given = new GivenSettings("Warmer of cache '" + name + "'");
        this.keys = given.notNull("keys", keys, "Give what supplies the keys, such as () -> leagues.stream().");
    }

    @Override
    public Warmer.Builder name(String warmerName) {
        name = given.once("name", GivenSettings.name(what("name"), warmerName));
        return this;
    }

    @Override
    public Warmer.Builder concurrency(int batches) {
        Checks.inRange(what("concurrency"), batches, 1, MOST_BATCHES);
        concurrency = given.once("concurrency", batches);
        return this;
    }

    @Override
    public Warmer.Builder loadsPerSecond(double calls) {
        Checks.inRange(what("loadsPerSecond"), calls, LEAST_LOADS_PER_SECOND, MOST_LOADS_PER_SECOND);
        loadsPerSecond = given.once("loadsPerSecond", calls);
        return this;
    }

    @Override
    public Warmer.Builder batchSize(int count) {
        Checks.inRange(what("batchSize"), count, 1, LARGEST_BATCH);
        batchSize = given.once("batchSize", count);
        return this;
    }

    @Override
    public Warmer.Builder deadline(Duration duration) {
        deadline = given.once("deadline", Checks.positive(what("deadline"), duration));
        return this;
    }

    @Override
    public Warmer.Builder onFailure(OnFailure policy) {
        onFailure = given.once("onFailure", policy);
        return this;
    }

    /** Sets what waits for so many nanoseconds, for tests that do not wait. */
    WarmerBuilder<K, V> pause(LongConsumer wait) {
        pause = wait;
        return this;
    }

    /** Sets what shows runs that are no jobs, for tests. */
    WarmerBuilder<K, V> views(Function<String, ProgressView> shown) {
        views = shown;
        return this;
    }

    @Override
    public Warmer build() {
        WarmerSettings settings = new WarmerSettings(name, concurrency, loadsPerSecond, batchSize, deadline, onFailure);
        return new CacheWarmer<>(cache, keys, settings, pause, views);
    }

    private String what(String setting) {
        return "Warmer of cache '" + cache.name() + "': " + setting;
    }
}
