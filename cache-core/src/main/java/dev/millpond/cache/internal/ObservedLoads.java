package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.CarryingExecutor;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.cache.spi.LoadObserver.Load;
import dev.millpond.cache.spi.LoadObserver.Observed;
import dev.millpond.runtime.spi.TolerantCalls;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Has the calls of loaders observed; no observer can spoil one. */
final class ObservedLoads {

    private static final Observed NOBODY = failure -> {};

    private final @Nullable LoadObserver observer;
    private final TolerantCalls calls;
    private final Ticker ticker;

    ObservedLoads(@Nullable LoadObserver observer, Ticker ticker) {
        this.observer = observer;
        this.calls = new TolerantCalls("Load observer", LoggerFactory.getLogger(ObservedLoads.class), ticker);
        this.ticker = ticker;
    }

    <T extends @Nullable Object> T call(String cache, int keys, Callable<T> load) throws Exception {
        if (observer == null) {
            return load.call();
        }
        Observed observed = begin(observer, new Load(cache, keys));
        Throwable failure = null;
        try {
            return load.call();
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            end(observed, failure);
        }
    }

    /** Returns an executor whose tasks run in the context of whoever gives them to it, and log in it. */
    Executor carrying(Executor executor) {
        return new CarryingExecutor(executor, observer, ticker);
    }

    private Observed begin(LoadObserver asked, Load load) {
        return calls.get(asked, "begin(..)", () -> asked.begin(load), NOBODY);
    }

    private void end(Observed observed, @Nullable Throwable failure) {
        calls.run(observed, () -> observed.ended(failure));
    }
}
