package dev.millpond.cache;

import dev.millpond.cache.spi.LoadObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Scope;
import io.micrometer.observation.ObservationRegistry;

/**
 * Makes each call of a loader an observation of Micrometer, and so a span where traces are made of these.
 *
 * <p>The observation is called {@code millpond.cache.load}. It is a child of the one that is current where the read
 * began, and current itself while the loader runs, on whichever thread that is. It has the low-cardinality key
 * {@code cache} and the high-cardinality key {@code keys}, their number; never a key of the cache. Thread-safe. Needs
 * {@code io.micrometer:micrometer-observation} on the class path.
 *
 * @see CacheRegistry.Builder#loadObserver
 */
public final class LoadObservations implements LoadObserver {

    private static final String NAME = "millpond.cache.load";

    private final ObservationRegistry registry;

    /** Creates the observer of any number of cache registries. */
    public LoadObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Observed begin(Load load) {
        Observation observation = Observation.createNotStarted(NAME, registry)
                .contextualName("load of cache " + load.cache())
                .lowCardinalityKeyValue("cache", load.cache())
                .highCardinalityKeyValue("keys", Integer.toString(load.keys()))
                .start();
        Scope scope = observation.openScope();
        return failure -> {
            if (failure != null) {
                observation.error(failure);
            }
            scope.close();
            observation.stop();
        };
    }

    @Override
    public Runnable carry(Runnable task) {
        Observation current = registry.getCurrentObservation();
        return current == null ? task : () -> runIn(current, task);
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private static void runIn(Observation current, Runnable task) {
        try (Scope scope = current.openScope()) {
            task.run();
        }
    }
}
