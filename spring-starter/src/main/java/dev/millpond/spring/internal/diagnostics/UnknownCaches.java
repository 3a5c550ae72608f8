package dev.millpond.spring.internal.diagnostics;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.spring.CacheProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** Warns once, when the application is ready, of properties of caches that it has not made. */
public final class UnknownCaches implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(UnknownCaches.class);

    private final CacheRegistry registry;
    private final CacheProperties properties;

    /** Creates it for the caches of this registry. */
    public UnknownCaches(CacheRegistry registry, CacheProperties properties) {
        this.registry = registry;
        this.properties = properties;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        NameCheck caches = NameCheck.of(
                properties.caches().keySet(), registry.caches().stream().map(Cache::name));
        if (!caches.unknown().isEmpty()) {
            log.warn(
                    "Properties below 'millpond.cache.caches' name {}, but the caches of this application are {}.{} A cache"
                            + " that is made later still gets its properties.",
                    caches.unknown(),
                    caches.known(),
                    caches.fixOr(""));
        }
    }
}
