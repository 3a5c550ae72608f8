package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.CacheLoadException;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a short time which loads of one cache failed, so that a broken source is not asked by each caller;
 * thread-safe.
 *
 * <p>A failure is forgotten when anything is invalidated that the load is known to have been made from, as its value
 * would be. The latest thousand are kept: a key that fell out is asked for again.
 */
final class FailedLoads {

    private static final int MOST = 1_000;

    private final String cache;
    private final Duration timeToLive;
    private final Duration retryDelay;
    private final TagTable table;
    private final Ticker ticker;
    private final Map<String, Failed> failures = new LinkedHashMap<>();
    private volatile boolean empty = true;

    FailedLoads(CacheSettings<?> settings, TagTable table, Ticker ticker) {
        this.cache = settings.name();
        this.timeToLive = settings.loading().failureTimeToLive();
        this.retryDelay = settings.loading().retryDelay();
        this.table = table;
        this.ticker = ticker;
    }

    /**
     * Remembers that a load failed.
     *
     * @param dependencies what the loader had read by then
     */
    void add(List<? extends Request<?>> requests, Stamp stamp, Collection<String> dependencies, Exception failure) {
        if (retryDelay.isZero() || Failures.comesFromAnInterrupt(failure)) {
            return;
        }
        for (Request<?> request : requests) {
            String[] names = Stream.concat(Stream.of(request.ownNames()), dependencies.stream())
                    .toArray(String[]::new);
            add(request.entryName(), new Failed(ticker.read(), requests.size() == 1, stamp, names, failure));
        }
    }

    private synchronized void add(String entryName, Failed failed) {
        failures.remove(entryName);
        failures.put(entryName, failed);
        if (failures.size() > MOST) {
            Iterator<Failed> oldest = failures.values().iterator();
            oldest.next();
            oldest.remove();
        }
        empty = false;
    }

    /** Forgets the failures of keys that were loaded since. */
    void remove(List<? extends Request<?>> requests) {
        if (!empty) {
            requests.forEach(request -> remove(request.entryName()));
        }
    }

    private synchronized void remove(String entryName) {
        failures.remove(entryName);
        empty = failures.isEmpty();
    }

    /**
     * Returns the failure of a load so short a time ago that the key should not be loaded again, or null.
     *
     * <p>Which of several keys made a bulk load fail is not known, so that alone does not keep callers from a key for
     * which there is nothing else to answer.
     *
     * @param isStaleThere whether another value can answer meanwhile
     */
    @Nullable
    CacheLoadException recent(Request<?> request, boolean isStaleThere) {
        Failed failed = empty ? null : find(request.entryName());
        if (failed == null || !(isStaleThere || failed.alone)) {
            return null;
        }
        Duration pause = isStaleThere ? retryDelay : timeToLive;
        return ticker.read() - failed.at < pause.toNanos() ? again(failed, pause) : null;
    }

    /** Tells whether a load failed so short a time ago that the key is not loaded again where it has an answer. */
    boolean isRecent(Request<?> request) {
        return !empty && find(request.entryName()) != null;
    }

    private synchronized @Nullable Failed find(String entryName) {
        Failed failed = failures.get(entryName);
        if (failed == null) {
            return null;
        }
        boolean over = ticker.read() - failed.at >= retryDelay.toNanos();
        if (over || table.changedSince(failed.stamp, failed.names)) {
            remove(entryName);
            return null;
        }
        return failed;
    }

    private CacheLoadException again(Failed failed, Duration pause) {
        return new CacheLoadException(
                "The loader of cache '" + cache + "' failed for this key less than " + pause.toMillis()
                        + " ms ago, which is its failureTimeToLive, so it was not asked again; there is no value that may be"
                        + " served instead. Set a shorter one to ask the source more often.",
                failed.failure);
    }

    /**
     * One failure.
     *
     * @param alone whether the key was the only one that was loaded
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Failed(long at, boolean alone, Stamp stamp, String[] names, Exception failure) {}
}
