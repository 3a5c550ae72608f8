package dev.millpond.servlet;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.servlet.internal.LookupCollector;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Says in the response field {@code Cache-Status} (RFC 9211) what the caches did for the request.
 *
 * <p>The field has one member per cache that was read, for example {@code "standings";hit;ttl=287;detail=LOCAL}; it
 * never holds a cache key. A response for which nothing was looked up has no such field.
 *
 * <p>Look-ups count if they are made on the thread that serves the request, before the response's header is sent and
 * before the request goes asynchronous. Register the filter for {@code ASYNC} too if look-ups after an asynchronous
 * dispatch shall count.
 *
 * <p>Thread-safe. Make one per registry and register it with asynchronous support. It leaves the registry open, and
 * stops listening to it when the container destroys the filter. Redis being away shows in the field as a miss or a
 * stale answer.
 */
public final class CacheStatusFilter implements Filter {

    private final CacheRegistry caches;
    private final LookupCollector collector = new LookupCollector();

    private CacheStatusFilter(CacheRegistry caches) {
        this.caches = caches;
    }

    /**
     * Returns a filter that tells of the look-ups in the caches of a registry.
     *
     * @throws NullPointerException if the registry is null
     */
    public static CacheStatusFilter of(CacheRegistry caches) {
        Objects.requireNonNull(caches, "Cache-Status filter: registry is null. Give the application's CacheRegistry.");
        CacheStatusFilter filter = new CacheStatusFilter(caches);
        filter.listen();
        return filter;
    }

    @Override
    public void init(FilterConfig config) {
        listen();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest httpRequest
                && response instanceof HttpServletResponse httpResponse
                && !collector.isCollecting()) {
            collector.collect(httpRequest, httpResponse, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    @Override
    public void destroy() {
        caches.removeLookupListener(collector);
    }

    /* A container may start a filter again that it has destroyed before, or never call init at all. */
    private void listen() {
        caches.removeLookupListener(collector);
        caches.addLookupListener(collector);
    }
}
