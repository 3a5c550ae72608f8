package dev.millpond.servlet.internal;

import dev.millpond.cache.spi.LookupListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gathers the look-ups of the thread that serves a request; thread-safe. */
public final class LookupCollector implements LookupListener {

    /* Not static: each registry has a filter of its own, and the same thread may serve both. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable CacheStatus> current = new ThreadLocal<>();

    @Override
    public void onLookup(Lookup lookup) {
        CacheStatus status = current.get();
        if (status != null) {
            status.add(lookup);
        }
    }

    /** Tells whether this thread's look-ups are being gathered. */
    public boolean isCollecting() {
        return current.get() != null;
    }

    /** Serves a request and tells in its response what was looked up meanwhile. */
    public void collect(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        CacheStatus status = new CacheStatus();
        StatusResponse wrapped = new StatusResponse(response, status);
        current.set(status);
        try {
            chain.doFilter(new FreezingRequest(request, wrapped), wrapped);
        } finally {
            current.remove();
            wrapped.update();
        }
    }
}
