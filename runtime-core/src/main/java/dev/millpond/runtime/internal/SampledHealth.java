package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.HealthReport;
import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.runtime.spi.DaemonThreads;
import dev.millpond.runtime.spi.HealthSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the sources when it is asked, and notes their counters all the time. */
final class SampledHealth implements HealthMonitor {

    private static final Logger log = LoggerFactory.getLogger(SampledHealth.class);

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private final List<HealthSource> sources;
    private final List<RateHistory> rates;
    private final Ticker ticker;
    private final AtomicBoolean failureLogged = new AtomicBoolean();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("millpond-health"));

    SampledHealth(List<HealthSource> sources, List<HealthSource.Rate> rates, Ticker ticker) {
        this.sources = sources;
        this.ticker = ticker;
        long now = ticker.read();
        this.rates = rates.stream()
                .map(rate -> new RateHistory(rate, FIVE_MINUTES, now))
                .toList();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // sampling throws nothing
    void start(Duration interval) {
        thread.scheduleWithFixedDelay(this::sample, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    void sample() {
        for (RateHistory rate : rates) {
            try {
                rate.sample(ticker.read());
            } catch (RuntimeException e) {
                log.debug("The counters of the rate '{}' cannot be read.", rate.name(), e);
            }
        }
    }

    @Override
    public HealthReport report() {
        Draft draft = new Draft();
        for (HealthSource source : sources) {
            draft.ask(() -> draft.look(source));
        }
        for (RateHistory rate : rates) {
            draft.ask(() -> draft.look(rate));
        }
        return draft.finished();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** A report in the making; for one thread. */
    private final class Draft {

        private final Map<String, String> checks = new LinkedHashMap<>();
        private final Map<String, Number> metrics = new LinkedHashMap<>();
        private Status status = Status.UP;

        /** Tells of a source that throws instead of failing with it: a health that cannot be read helps nobody. */
        void ask(Runnable look) {
            try {
                look.run();
            } catch (RuntimeException e) {
                if (failureLogged.compareAndSet(false, true)) {
                    log.warn(
                            "A source of the health failed, so the check 'health' says 'failed'. A source must not throw:"
                                    + " let its check have another value. Only this first time is logged.",
                            e);
                }
                found(new HealthSource.Check("health", "failed", Status.DEGRADED));
            }
        }

        void look(HealthSource source) {
            source.checks().forEach(this::found);
            source.metrics().forEach(this::measured);
        }

        void look(RateHistory rate) {
            long now = ticker.read();
            rate.over(MINUTE, now).ifPresent(value -> measured(rate.name() + "1m", value));
            rate.over(FIVE_MINUTES, now).ifPresent(value -> measured(rate.name() + "5m", value));
        }

        private void found(HealthSource.Check check) {
            checks.put(check.name(), check.value());
            status = check.status().compareTo(status) > 0 ? check.status() : status;
        }

        private void measured(String name, Number value) {
            if (Double.isFinite(value.doubleValue())) {
                metrics.put(name, value);
            }
        }

        HealthReport finished() {
            return new HealthReport(status, checks, metrics);
        }
    }
}
