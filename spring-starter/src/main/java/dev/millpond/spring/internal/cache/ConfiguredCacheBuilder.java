package dev.millpond.spring.internal.cache;

import dev.millpond.cache.BulkCacheLoader;
import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoader;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
import dev.millpond.spring.CacheSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A builder in which the properties of a cache overrule its code, and the properties of all caches fill in what both
 * leave open.
 *
 * @param <V> the type of values
 */
final class ConfiguredCacheBuilder<V> implements CacheBuilder<V> {

    private final CacheBuilder<V> builder;
    private final Consumer<Cache<?, ?>> observer;
    private final Setting<Boolean> enabled;
    private final Setting<Duration> timeToLive;
    private final Setting<Duration> localTimeToLive;
    private final Setting<Duration> absentTimeToLive;
    private final Setting<Duration> serveStaleFor;
    private final Setting<Duration> serveUnconfirmedFor;
    private final Setting<Long> localMaximumSize;
    private final Setting<Consistency> consistency;
    private final Setting<Integer> maximumConcurrentLoads;
    private final Setting<Duration> failureTimeToLive;
    private final Setting<Duration> softTimeout;
    private final Setting<Duration> hardTimeout;
    private final Setting<Double> refreshAhead;
    private final Setting<Duration> slowLoadThreshold;
    private final Setting<Integer> hotKeys;
    private Consistency promised;

    ConfiguredCacheBuilder(
            CacheBuilder<V> builder, CacheSettings own, CacheSettings common, Consumer<Cache<?, ?>> observer) {
        this.builder = builder;
        this.observer = observer;
        this.enabled = new Setting<>(CacheBuilder::enabled, own.enabled(), null);
        this.timeToLive = new Setting<>(CacheBuilder::timeToLive, own.timeToLive(), common.timeToLive());
        this.localTimeToLive =
                new Setting<>(CacheBuilder::localTimeToLive, own.localTimeToLive(), common.localTimeToLive());
        this.absentTimeToLive =
                new Setting<>(CacheBuilder::absentTimeToLive, own.absentTimeToLive(), common.absentTimeToLive());
        this.serveStaleFor = new Setting<>(CacheBuilder::serveStaleFor, own.serveStaleFor(), common.serveStaleFor());
        this.serveUnconfirmedFor = new Setting<>(
                CacheBuilder::serveUnconfirmedFor, own.serveUnconfirmedFor(), common.serveUnconfirmedFor());
        this.localMaximumSize =
                new Setting<>(CacheBuilder::localMaximumSize, own.localMaximumSize(), common.localMaximumSize());
        this.consistency = new Setting<>(CacheBuilder::consistency, own.consistency(), common.consistency());
        this.maximumConcurrentLoads = new Setting<>(
                CacheBuilder::maximumConcurrentLoads, own.maximumConcurrentLoads(), common.maximumConcurrentLoads());
        this.failureTimeToLive =
                new Setting<>(CacheBuilder::failureTimeToLive, own.failureTimeToLive(), common.failureTimeToLive());
        this.softTimeout = new Setting<>(CacheBuilder::softTimeout, own.softTimeout(), common.softTimeout());
        this.hardTimeout = new Setting<>(CacheBuilder::hardTimeout, own.hardTimeout(), common.hardTimeout());
        this.refreshAhead = new Setting<>(CacheBuilder::refreshAhead, own.refreshAhead(), common.refreshAhead());
        this.slowLoadThreshold =
                new Setting<>(CacheBuilder::slowLoadThreshold, own.slowLoadThreshold(), common.slowLoadThreshold());
        this.hotKeys = new Setting<>(CacheBuilder::hotKeys, own.hotKeys(), common.hotKeys());
        this.promised = Objects.requireNonNullElse(consistency.open, Consistency.BOUNDED);
    }

    @Override
    public CacheBuilder<V> enabled(boolean isEnabled) {
        return enabled.byCode(isEnabled);
    }

    @Override
    public CacheBuilder<V> timeToLive(Duration duration) {
        return timeToLive.byCode(duration);
    }

    @Override
    public CacheBuilder<V> localTimeToLive(Duration duration) {
        return localTimeToLive.byCode(duration);
    }

    @Override
    public CacheBuilder<V> absentTimeToLive(Duration duration) {
        return absentTimeToLive.byCode(duration);
    }

    @Override
    public CacheBuilder<V> serveStaleFor(Duration duration) {
        return serveStaleFor.byCode(duration);
    }

    @Override
    public CacheBuilder<V> serveUnconfirmedFor(Duration duration) {
        return serveUnconfirmedFor.byCode(duration);
    }

    @Override
    public CacheBuilder<V> jitter(double fraction) {
        builder.jitter(fraction);
        return this;
    }

    @Override
    public CacheBuilder<V> localMaximumSize(long entries) {
        return localMaximumSize.byCode(entries);
    }

    /* Weights are a bound of another kind, which only code can give; they replace a common bound by number. */
    @Override
    public CacheBuilder<V> localMaximumWeight(long weight, ToIntFunction<? super V> weigher) {
        if (localMaximumSize.own == null) {
            builder.localMaximumWeight(weight, weigher);
            localMaximumSize.open = null;
        }
        return this;
    }

    @Override
    public CacheBuilder<V> consistency(Consistency byCode) {
        if (consistency.own == null) {
            promised = byCode;
        }
        return consistency.byCode(byCode);
    }

    @Override
    public CacheBuilder<V> leaseTime(Duration duration) {
        builder.leaseTime(duration);
        return this;
    }

    @Override
    public CacheBuilder<V> maximumConcurrentLoads(int loads) {
        return maximumConcurrentLoads.byCode(loads);
    }

    @Override
    public CacheBuilder<V> failureTimeToLive(Duration duration) {
        return failureTimeToLive.byCode(duration);
    }

    @Override
    public CacheBuilder<V> softTimeout(Duration duration) {
        return softTimeout.byCode(duration);
    }

    @Override
    public CacheBuilder<V> hardTimeout(Duration duration) {
        return hardTimeout.byCode(duration);
    }

    @Override
    public CacheBuilder<V> refreshAhead(double beta) {
        return refreshAhead.byCode(beta);
    }

    @Override
    public CacheBuilder<V> slowLoadThreshold(Duration duration) {
        return slowLoadThreshold.byCode(duration);
    }

    @Override
    public CacheBuilder<V> hotKeys(int maximum) {
        return hotKeys.byCode(maximum);
    }

    @Override
    public CacheBuilder<V> schemaVersion(int version) {
        builder.schemaVersion(version);
        return this;
    }

    @Override
    public CacheBuilder<V> keyFormat(Function<Object, String> format) {
        builder.keyFormat(format);
        return this;
    }

    @Override
    public <K> Cache<K, V> build() {
        return observed(completed().build());
    }

    @Override
    public <K> LoadingCache<K, V> build(CacheLoader<K, V> loader) {
        return observed(completed().build(loader));
    }

    @Override
    public <K> LoadingCache<K, V> build(CacheLoader.WithContext<K, V> loader) {
        return observed(completed().build(loader));
    }

    @Override
    public <K> LoadingCache<K, V> buildBulk(BulkCacheLoader<K, V> loader) {
        return observed(completed().buildBulk(loader));
    }

    @Override
    public <K> LoadingCache<K, V> buildBulk(BulkCacheLoader.WithContext<K, V> loader) {
        return observed(completed().buildBulk(loader));
    }

    private CacheBuilder<V> completed() {
        if (promised == Consistency.STRICT) {
            localTimeToLive.withoutCommon();
            serveUnconfirmedFor.withoutCommon();
            localMaximumSize.withoutCommon();
        }
        consistency.complete();
        enabled.complete();
        timeToLive.complete();
        localTimeToLive.complete();
        absentTimeToLive.complete();
        serveStaleFor.complete();
        serveUnconfirmedFor.complete();
        localMaximumSize.complete();
        maximumConcurrentLoads.complete();
        failureTimeToLive.complete();
        softTimeout.complete();
        hardTimeout.complete();
        refreshAhead.complete();
        slowLoadThreshold.complete();
        hotKeys.complete();
        return builder;
    }

    private <C extends Cache<?, ?>> C observed(C cache) {
        observer.accept(cache);
        return cache;
    }

    /** One setting with what its properties say. */
    private final class Setting<T> {

        private final BiConsumer<CacheBuilder<V>, T> setter;
        private final @Nullable T own;
        private @Nullable T open;

        Setting(BiConsumer<CacheBuilder<V>, T> setter, @Nullable T own, @Nullable T common) {
            this.setter = setter;
            this.own = own;
            this.open = own != null ? own : common;
        }

        CacheBuilder<V> byCode(T value) {
            if (own == null) {
                setter.accept(builder, value);
                open = null;
            }
            return ConfiguredCacheBuilder.this;
        }

        /** Leaves out what is said of all caches, and does not fit this one. */
        void withoutCommon() {
            open = own;
        }

        void complete() {
            if (open != null) {
                setter.accept(builder, open);
            }
        }
    }
}
