package dev.millpond.cache.internal;

import dev.millpond.cache.spi.LookupListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The look-up listeners of a registry; thread-safe. */
final class Listeners {

    private final List<LookupListener> listeners = new CopyOnWriteArrayList<>();

    void add(LookupListener listener) {
        listeners.add(listener);
    }

    void remove(LookupListener listener) {
        listeners.remove(listener);
    }

    boolean present() {
        return !listeners.isEmpty();
    }

    void tell(LookupListener.Lookup lookup) {
        for (LookupListener listener : listeners) {
            listener.onLookup(lookup);
        }
    }
}
