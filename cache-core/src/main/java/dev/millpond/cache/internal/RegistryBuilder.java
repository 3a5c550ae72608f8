package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.internal.redis.RedisBackend;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.cache.spi.ValueCodec;
import dev.millpond.cache.spi.WarmerCustomizer;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.GivenSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Collects and checks the settings of a registry. */
public final class RegistryBuilder implements CacheRegistry.Builder {

    private final GivenSettings given = new GivenSettings("Cache registry");
    private @Nullable RedisConnection redis;
    private String namespace = "millpond";
    private Duration stalenessBound = Duration.ofSeconds(2);
    private Duration pollInterval = Duration.ofMillis(500);
    private boolean enabled = true;
    private @Nullable Switches switches;
    private ValueCodec codec = new JsonCodec();
    private @Nullable Executor executor;
    private @Nullable LoadObserver observer;
    private WarmerCustomizer warmers = (cache, builder) -> builder;
    private Ticker ticker = Ticker.systemTicker();
    private InstantSource clock = InstantSource.system();
    private Duration hotKeyPeriod = HotKeyUpkeep.PERIOD;
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

    @Override
    public CacheRegistry.Builder redis(RedisConnection connection) {
        redis = given.once("redis", connection);
        return this;
    }

    @Override
    public CacheRegistry.Builder namespace(String name) {
        namespace = given.once("namespace", GivenSettings.name("Cache registry: namespace", name));
        return this;
    }

    @Override
    public CacheRegistry.Builder stalenessBound(Duration bound) {
        stalenessBound = given.once("stalenessBound", Checks.positive("Cache registry: stalenessBound", bound));
        return this;
    }

    @Override
    public CacheRegistry.Builder pollInterval(Duration interval) {
        pollInterval = given.once("pollInterval", Checks.positive("Cache registry: pollInterval", interval));
        return this;
    }

    @Override
    public CacheRegistry.Builder enabled(boolean isEnabled) {
        enabled = given.once("enabled", isEnabled);
        return this;
    }

    @Override
    public CacheRegistry.Builder switches(Switches ofTheApplication) {
        switches = given.once("switches", ofTheApplication);
        return this;
    }

    @Override
    public CacheRegistry.Builder codec(ValueCodec valueCodec) {
        Checks.inRange("Cache registry: codec id", valueCodec.id(), 0, 255);
        codec = given.once("codec", valueCodec);
        return this;
    }

    @Override
    public CacheRegistry.Builder executor(Executor asyncExecutor) {
        executor = given.once("executor", asyncExecutor);
        return this;
    }

    @Override
    public CacheRegistry.Builder loadObserver(LoadObserver loadObserver) {
        observer = given.once("loadObserver", loadObserver);
        return this;
    }

    @Override
    public CacheRegistry.Builder warmerCustomizer(WarmerCustomizer customizer) {
        warmers = given.once("warmerCustomizer", customizer);
        return this;
    }

    @Override
    public CacheRegistry.Builder ticker(Ticker elapsedTime) {
        ticker = given.once("ticker", elapsedTime);
        return this;
    }

    @Override
    public CacheRegistry.Builder clock(InstantSource timeOfDay) {
        clock = given.once("clock", timeOfDay);
        return this;
    }

    /** Sets the source of numbers from 0 to 1, for jitter and early loads. */
    RegistryBuilder random(DoubleSupplier numbers) {
        random = given.once("random", numbers);
        return this;
    }

    /** Sets how often hot keys are saved. */
    RegistryBuilder hotKeyPeriod(Duration period) {
        hotKeyPeriod = given.once("hotKeyPeriod", period);
        return this;
    }

    @Override
    public CacheRegistry build() {
        if (redis == null) {
            return build(null, new LocalInvalidationLog(ticker), TagTable.UNBOUNDED, null);
        }
        requireBoundAboveTwoPolls();
        RedisBackend backend = RedisBackend.of(redis, namespace, ticker, pollInterval);
        return build(backend.store(), backend.log(), stalenessBound, backend.hotKeys());
    }

    /** With less, one lost poll would make this node distrust everything it has. */
    private void requireBoundAboveTwoPolls() {
        Duration least = pollInterval.multipliedBy(2).plus(RedisBackend.TIMEOUT);
        if (stalenessBound.compareTo(least) < 0) {
            throw new IllegalStateException("Cache registry: stalenessBound is " + stalenessBound
                    + ", must be at least "
                    + least + ": twice the pollInterval, " + pollInterval + ", and the time limit of a call to Redis, "
                    + RedisBackend.TIMEOUT + ". Give a longer bound or a shorter interval.");
        }
    }

    /** Makes a registry over any second level. */
    CacheRegistry build(@Nullable CacheStore store, InvalidationLog log, Duration bound) {
        return build(store, log, bound, null);
    }

    private CacheRegistry build(
            @Nullable CacheStore store, InvalidationLog log, Duration bound, @Nullable HotKeyStore hotKeys) {
        TagTable table = new TagTable(ticker, bound, TagTable.DEFAULT_MAXIMUM_NAMES);
        log.start(table);
        Executor chosen = executor;
        AsyncExecutor own = new AsyncExecutor();
        ObservedLoads observed = new ObservedLoads(observer, ticker);
        RegistryParts parts = new RegistryParts(
                namespace,
                enabled,
                table,
                log,
                store,
                codec,
                observed.carrying(chosen != null ? chosen : own),
                ticker,
                clock,
                new Token.Source(ThreadLocalRandom.current().nextLong()),
                random,
                new Listeners(),
                observed,
                warmers,
                switches != null ? switches : Switches.builder().build());
        return new TieredCacheRegistry(parts, own, new HotKeyUpkeep(namespace, hotKeys, ticker, hotKeyPeriod, random));
    }
}
