package dev.millpond.spring.internal.metrics;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.internal.cache.ConfiguredCacheRegistry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How far the switches are on, also those of caches that are made later. */
public final class SwitchMeters implements MeterBinder {

    private static final String NAME = "millpond.switch";
    private static final double PERCENT = 100;
    private static final double IN_PART = 0.5;

    private final Switches switches;
    private final CacheRegistry caches;

    /** Creates it; of a registry that the application made itself only the caches made so far are known. */
    public SwitchMeters(Switches switches, CacheRegistry caches) {
        this.switches = switches;
        this.caches = caches;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Switch.general().forEach(which -> bind(registry, which));
        if (caches instanceof ConfiguredCacheRegistry configured) {
            configured.observe(cache -> bind(registry, Switch.cache(cache.name())));
        } else {
            caches.caches().forEach(cache -> bind(registry, Switch.cache(cache.name())));
        }
    }

    private void bind(MeterRegistry registry, Switch which) {
        Gauge.builder(NAME, switches, measured -> value(measured.state(which).mode()))
                .tag("switch", which.name())
                .description("1 if a switch is on, 0 if it is off, in between if it is on in part")
                .register(registry);
    }

    /** Only what is on without any restriction is 1, so that an alert on less finds all others. */
    private static double value(SwitchMode mode) {
        double share = mode.percent() / PERCENT;
        return mode.readOnly() || mode.localOnly() ? Math.min(share, IN_PART) : share;
    }
}
