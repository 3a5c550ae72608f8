package dev.millpond.spring.internal.cache;

import dev.millpond.cache.OnFailure;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.spi.GivenSettings;
import dev.millpond.spring.WarmUpSettings;
import dev.millpond.spring.WarmerSettings;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A builder that takes settings from properties too: those of the warmer win over code, and code wins over those of all
 * warmers.
 *
 * <p>What code gives is kept until the warmer is made, since only then its name is known.
 */
public final class ConfiguredWarmerBuilder implements Warmer.Builder {

    private final Warmer.Builder builder;
    private final WarmUpSettings properties;
    private final GivenSettings given;
    private final Setting<Integer> concurrency =
            new Setting<>("concurrency", Warmer.Builder::concurrency, WarmerSettings::concurrency);
    private final Setting<Double> loadsPerSecond =
            new Setting<>("loadsPerSecond", Warmer.Builder::loadsPerSecond, WarmerSettings::loadsPerSecond);
    private final Setting<Integer> batchSize =
            new Setting<>("batchSize", Warmer.Builder::batchSize, WarmerSettings::batchSize);
    private final Setting<Duration> deadline =
            new Setting<>("deadline", Warmer.Builder::deadline, WarmerSettings::deadline);
    private final Setting<OnFailure> onFailure =
            new Setting<>("onFailure", Warmer.Builder::onFailure, WarmerSettings::onFailure);
    private String name;

    /** Creates it over the builder that makes the warmer of a cache. */
    public ConfiguredWarmerBuilder(String cache, Warmer.Builder builder, WarmUpSettings properties) {
        this.name = cache;
        this.builder = builder;
        this.properties = properties;
        this.given = new GivenSettings("Warmer of cache '" + cache + "'");
    }

    @Override
    public Warmer.Builder name(String warmerName) {
        builder.name(warmerName);
        name = warmerName;
        return this;
    }

    @Override
    public Warmer.Builder concurrency(int batches) {
        return concurrency.byCode(batches);
    }

    @Override
    public Warmer.Builder loadsPerSecond(double calls) {
        return loadsPerSecond.byCode(calls);
    }

    @Override
    public Warmer.Builder batchSize(int keys) {
        return batchSize.byCode(keys);
    }

    @Override
    public Warmer.Builder deadline(Duration duration) {
        return deadline.byCode(duration);
    }

    @Override
    public Warmer.Builder onFailure(OnFailure policy) {
        return onFailure.byCode(policy);
    }

    @Override
    public Warmer build() {
        WarmerSettings own = properties.ofWarmer(name);
        WarmerSettings common = properties.common();
        Stream.of(concurrency, loadsPerSecond, batchSize, deadline, onFailure)
                .forEach(setting -> setting.complete(own, common));
        return builder.build();
    }

    /** One setting with what code says of it. */
    private final class Setting<T> {

        private final String setting;
        private final BiConsumer<Warmer.Builder, T> setter;
        private final Function<WarmerSettings, @Nullable T> property;
        private @Nullable T code;
        private boolean completed;

        Setting(String setting, BiConsumer<Warmer.Builder, T> setter, Function<WarmerSettings, @Nullable T> property) {
            this.setting = setting;
            this.setter = setter;
            this.property = property;
        }

        Warmer.Builder byCode(T value) {
            code = given.once(setting, value);
            return ConfiguredWarmerBuilder.this;
        }

        /** Sets it unless an earlier warmer of the builder has it already: it can be given once. */
        void complete(WarmerSettings own, WarmerSettings common) {
            T first = firstOf(property.apply(own), code, property.apply(common));
            if (first != null && !completed) {
                setter.accept(builder, first);
                completed = true;
            }
        }

        private @Nullable T firstOf(@Nullable T own, @Nullable T byCode, @Nullable T common) {
            T known = own != null ? own : byCode;
            return known != null ? known : common;
        }
    }
}
