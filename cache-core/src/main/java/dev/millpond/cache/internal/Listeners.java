package dev.millpond.cache.internal;

import dev.millpond.cache.spi.LookupListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The look-up listeners of a registry; thread-safe. */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final AtomicBoolean warned = new AtomicBoolean();
    private final List<LookupListener> listeners = new CopyOnWriteArrayList<>();

    void add(LookupListener listener) {
        listeners.add(listener);
    }

    void remove(LookupListener listener) {
        listeners.remove(listener);
    }

    /** A listener that throws, against its contract, must not break the read. */
    private void tell(LookupListener listener, LookupListener.Lookup lookup) {
        try {
            listener.onLookup(lookup);
        } catch (RuntimeException e) {
            if (warned.compareAndSet(false, true)) {
                log.warn("A look-up listener failed; reads go on. Further failures are not logged.", e);
            }
        }
    }

    boolean present() {
        return !listeners.isEmpty();
    }

    void tell(LookupListener.Lookup lookup) {
        for (LookupListener listener : listeners) {
            tell(listener, lookup);
        }
    }
}
