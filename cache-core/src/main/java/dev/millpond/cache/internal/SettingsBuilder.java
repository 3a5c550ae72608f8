package dev.millpond.cache.internal;

import dev.millpond.cache.BulkCacheLoader;
import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoader;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
import dev.millpond.runtime.spi.GivenSettings;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Collects and checks the settings of one cache, and has it made.
 *
 * @param <V> the type of values
 */
final class SettingsBuilder<V> implements CacheBuilder<V> {

    private static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofMinutes(5);
    private static final Duration DEFAULT_ABSENT_TIME_TO_LIVE = Duration.ofSeconds(30);
    private static final Duration DEFAULT_RETRY_DELAY = Duration.ofSeconds(1);
    private static final String LOCAL_BOUND = "the local bound (localMaximumSize or localMaximumWeight)";
    private static final int LARGEST_SCHEMA_VERSION = 0xffff;
    private static final int MOST_HOT_KEYS = 10_000;

    private final String name;
    private final Type valueType;
    private final CacheFactory factory;
    private final GivenSettings given;
    private boolean enabled = true;
    private Duration timeToLive = DEFAULT_TIME_TO_LIVE;
    private @Nullable Duration localTimeToLive;
    private @Nullable Duration absentTimeToLive;
    private Duration serveStaleFor = Duration.ZERO;
    private Duration serveUnconfirmedFor = Duration.ZERO;
    private double jitter = 0.1;
    private Consistency consistency = Consistency.BOUNDED;
    private long localMaximum = 10_000;
    private @Nullable ToIntFunction<? super V> weigher;
    private Duration leaseTime = Duration.ofSeconds(10);
    private int maximumConcurrentLoads = 64;
    private @Nullable Duration failureTimeToLive;
    private @Nullable Duration softTimeout;
    private @Nullable Duration hardTimeout;
    private double refreshAhead;
    private Duration slowLoadThreshold = Duration.ofMillis(100);
    private int hotKeys;
    private int schemaVersion;
    private @Nullable Function<Object, String> keyFormat;

    SettingsBuilder(String name, Type valueType, CacheFactory factory) {
        this.name = name;
        this.given = new GivenSettings("Cache '" + name + "'");
        this.valueType = valueType;
        this.factory = factory;
    }

    @Override
    public CacheBuilder<V> enabled(boolean isEnabled) {
        enabled = given.once("enabled", isEnabled);
        return this;
    }

    @Override
    public CacheBuilder<V> timeToLive(Duration duration) {
        timeToLive = given.once("timeToLive", Checks.positive(what("timeToLive"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> localTimeToLive(Duration duration) {
        localTimeToLive = given.once("localTimeToLive", Checks.positive(what("localTimeToLive"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> absentTimeToLive(Duration duration) {
        absentTimeToLive = given.once("absentTimeToLive", Checks.notNegative(what("absentTimeToLive"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> serveStaleFor(Duration duration) {
        serveStaleFor = given.once("serveStaleFor", Checks.notNegative(what("serveStaleFor"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> serveUnconfirmedFor(Duration duration) {
        serveUnconfirmedFor =
                given.once("serveUnconfirmedFor", Checks.notNegative(what("serveUnconfirmedFor"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> jitter(double fraction) {
        Checks.inRange(what("jitter"), fraction, 0, 0.5);
        jitter = given.once("jitter", fraction);
        return this;
    }

    @Override
    public CacheBuilder<V> localMaximumSize(long entries) {
        Checks.inRange(what("localMaximumSize"), entries, 0, Long.MAX_VALUE);
        localMaximum = given.once(LOCAL_BOUND, entries);
        return this;
    }

    @Override
    public CacheBuilder<V> localMaximumWeight(long weight, ToIntFunction<? super V> weigherOfValues) {
        Checks.inRange(what("localMaximumWeight"), weight, 0, Long.MAX_VALUE);
        localMaximum = given.once(LOCAL_BOUND, weight);
        weigher = given.once("weigher", weigherOfValues);
        return this;
    }

    @Override
    public CacheBuilder<V> consistency(Consistency promised) {
        consistency = given.once("consistency", promised);
        return this;
    }

    @Override
    public CacheBuilder<V> leaseTime(Duration duration) {
        leaseTime = given.once("leaseTime", Checks.positive(what("leaseTime"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> maximumConcurrentLoads(int loads) {
        Checks.inRange(what("maximumConcurrentLoads"), loads, 1, Integer.MAX_VALUE);
        maximumConcurrentLoads = given.once("maximumConcurrentLoads", loads);
        return this;
    }

    @Override
    public CacheBuilder<V> failureTimeToLive(Duration duration) {
        failureTimeToLive = given.once("failureTimeToLive", Checks.notNegative(what("failureTimeToLive"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> softTimeout(Duration duration) {
        softTimeout = given.once("softTimeout", Checks.positive(what("softTimeout"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> hardTimeout(Duration duration) {
        hardTimeout = given.once("hardTimeout", Checks.positive(what("hardTimeout"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> refreshAhead(double beta) {
        Checks.inRange(what("refreshAhead"), beta, 0, 10);
        refreshAhead = given.once("refreshAhead", beta);
        return this;
    }

    @Override
    public CacheBuilder<V> slowLoadThreshold(Duration duration) {
        slowLoadThreshold = given.once("slowLoadThreshold", Checks.notNegative(what("slowLoadThreshold"), duration));
        return this;
    }

    @Override
    public CacheBuilder<V> hotKeys(int maximum) {
        Checks.inRange(what("hotKeys"), maximum, 0, MOST_HOT_KEYS);
        hotKeys = given.once("hotKeys", maximum);
        return this;
    }

    @Override
    public CacheBuilder<V> schemaVersion(int version) {
        Checks.inRange(what("schemaVersion"), version, 0, LARGEST_SCHEMA_VERSION);
        schemaVersion = given.once("schemaVersion", version);
        return this;
    }

    @Override
    public CacheBuilder<V> keyFormat(Function<Object, String> format) {
        keyFormat = given.once("keyFormat", format);
        return this;
    }

    @Override
    public <K> Cache<K, V> build() {
        return factory.cache(settings(), valueType);
    }

    @Override
    public <K> LoadingCache<K, V> build(CacheLoader<K, V> loader) {
        requireLoader(loader);
        return factory.loadingCache(settings(), valueType, (key, context) -> loader.load(key));
    }

    @Override
    public <K> LoadingCache<K, V> build(CacheLoader.WithContext<K, V> loader) {
        requireLoader(loader);
        return factory.loadingCache(settings(), valueType, loader::load);
    }

    @Override
    public <K> LoadingCache<K, V> buildBulk(BulkCacheLoader<K, V> loader) {
        requireLoader(loader);
        return factory.bulkLoadingCache(settings(), valueType, (keys, context) -> loader.loadAll(keys));
    }

    @Override
    public <K> LoadingCache<K, V> buildBulk(BulkCacheLoader.WithContext<K, V> loader) {
        requireLoader(loader);
        return factory.bulkLoadingCache(settings(), valueType, loader);
    }

    private void requireLoader(Object loader) {
        given.notNull("loader", loader, "Give one, or use build().");
    }

    private CacheSettings<V> settings() {
        refuseLocalSettings();
        return new CacheSettings<>(
                name,
                enabled,
                timeToLive,
                localTimeToLive != null ? localTimeToLive : Duration.ofDays(36_500),
                absentTimeToLive != null ? absentTimeToLive : shorter(DEFAULT_ABSENT_TIME_TO_LIVE, timeToLive),
                serveStaleFor,
                serveUnconfirmedFor,
                jitter,
                consistency,
                localMaximum,
                weigher,
                leaseTime,
                loading(),
                schemaVersion,
                keyFormat,
                hotKeys);
    }

    private LoadSettings loading() {
        refuseTimeoutsInReverse();
        return new LoadSettings(
                maximumConcurrentLoads,
                failureTimeToLive != null ? failureTimeToLive : Duration.ZERO,
                failureTimeToLive != null ? failureTimeToLive : DEFAULT_RETRY_DELAY,
                softTimeout,
                hardTimeout,
                refreshAhead,
                slowLoadThreshold);
    }

    private void refuseTimeoutsInReverse() {
        if (softTimeout != null && hardTimeout != null && softTimeout.compareTo(hardTimeout) >= 0) {
            throw new IllegalStateException(what("softTimeout") + " is " + softTimeout
                    + ", must be shorter than the hardTimeout, " + hardTimeout
                    + ". Give a shorter softTimeout or a longer hardTimeout.");
        }
    }

    private void refuseLocalSettings() {
        for (String setting : List.of("localTimeToLive", LOCAL_BOUND, "serveUnconfirmedFor")) {
            if (consistency == Consistency.STRICT && given.has(setting)) {
                throw new IllegalStateException(what(setting)
                        + " is set, but a strict cache keeps nothing in this process. Leave it out, or use"
                        + " Consistency.BOUNDED.");
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private String what(String setting) {
        return "Cache '" + name + "': " + setting;
    }
}
