package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.cache.spi.LoadObserver.Load;
import dev.millpond.cache.spi.LoadObserver.Observed;
import dev.millpond.runtime.spi.OccasionalLog;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Has the calls of loaders observed; no observer can spoil one. */
final class ObservedLoads {

    private static final Observed NOBODY = failure -> {};

    private final @Nullable LoadObserver observer;
    private final OccasionalLog log;

    ObservedLoads(@Nullable LoadObserver observer, Ticker ticker) {
        this.observer = observer;
        this.log = new OccasionalLog(LoggerFactory.getLogger(ObservedLoads.class), ticker);
    }

    <T extends @Nullable Object> T call(String cache, int keys, Callable<T> load) throws Exception {
        if (observer == null) {
            return load.call();
        }
        Observed observed = begin(observer, new Load(cache, keys));
        try {
            T loaded = load.call();
            end(observed, null);
            return loaded;
        } catch (Throwable e) {
            end(observed, e);
            throw e;
        }
    }

    /** Returns an executor whose tasks run in the context of whoever gives them to it. */
    Executor carrying(Executor executor) {
        return observer == null ? executor : task -> executor.execute(carried(observer, task));
    }

    private Runnable carried(LoadObserver asked, Runnable task) {
        try {
            return asked.carry(task);
        } catch (RuntimeException e) {
            warn(asked, e);
            return task;
        }
    }

    private Observed begin(LoadObserver asked, Load load) {
        try {
            return asked.begin(load);
        } catch (RuntimeException e) {
            warn(asked, e);
            return NOBODY;
        }
    }

    private void end(Observed observed, @Nullable Throwable failure) {
        try {
            observed.ended(failure);
        } catch (RuntimeException e) {
            warn(observed, e);
        }
    }

    private void warn(Object failed, RuntimeException failure) {
        log.warn("Load observer {} failed with {}.", failed.getClass().getName(), failure.toString());
    }
}
