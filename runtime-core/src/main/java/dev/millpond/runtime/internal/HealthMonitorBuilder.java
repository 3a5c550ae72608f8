package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.spi.GivenSettings;
import dev.millpond.runtime.spi.HealthSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what a health monitor looks at. */
public final class HealthMonitorBuilder implements HealthMonitor.Builder {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private final GivenSettings given = new GivenSettings("Health monitor");
    private final List<HealthSource> sources = new ArrayList<>();
    private HealthSource redis = RedisHealth.NONE;
    private Ticker ticker = Ticker.systemTicker();

    /** Starts with nothing. */
    public HealthMonitorBuilder() {}

    @Override
    public HealthMonitor.Builder redis(RedisConnection connection) {
        this.redis = new RedisHealth(given.once("redis", connection));
        return this;
    }

    @Override
    public HealthMonitor.Builder source(HealthSource source) {
        sources.add(given.notNull("source", source));
        return this;
    }

    @Override
    public HealthMonitor.Builder ticker(Ticker source) {
        this.ticker = given.once("ticker", source);
        return this;
    }

    @Override
    public HealthMonitor build() {
        return build(INTERVAL);
    }

    HealthMonitor build(Duration interval) {
        List<HealthSource> all = new ArrayList<>();
        all.add(redis);
        all.addAll(sources);
        SampledHealth health = new SampledHealth(List.copyOf(all), ratesOf(all), ticker);
        health.start(interval);
        return health;
    }

    private static List<HealthSource.Rate> ratesOf(List<HealthSource> sources) {
        List<HealthSource.Rate> rates =
                sources.stream().flatMap(source -> source.rates().stream()).toList();
        Set<String> names = new HashSet<>();
        for (HealthSource.Rate rate : rates) {
            if (!names.add(rate.name())) {
                throw new IllegalArgumentException("Health monitor: two sources have a rate '" + rate.name()
                        + "', must have different ones. Add each source once, or make a monitor for each.");
            }
        }
        return rates;
    }
}
