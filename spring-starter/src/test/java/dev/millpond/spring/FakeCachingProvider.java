package dev.millpond.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/** A JCache provider that an application brings along, found only through {@link #classLoader}. */
public final class FakeCachingProvider implements CachingProvider {

    /** Returns a class loader on whose class path this provider is registered, besides Redisson's. */
    public static ClassLoader classLoader(Path directory) {
        try {
            Path services = Files.createDirectories(directory.resolve("META-INF/services"));
            Files.writeString(
                    services.resolve(CachingProvider.class.getName()),
                    "# the provider of the application\n" + FakeCachingProvider.class.getName() + " # this one\n\n");
            return new URLClassLoader(
                    new URL[] {directory.toUri().toURL()}, FakeCachingProvider.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CacheManager getCacheManager(
            @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
        return (CacheManager) Proxy.newProxyInstance(
                FakeCachingProvider.class.getClassLoader(),
                new Class<?>[] {CacheManager.class},
                (proxy, method, arguments) -> method.getName().equals("getCacheNames") ? List.of() : null);
    }

    @Override
    public CacheManager getCacheManager(@Nullable URI uri, @Nullable ClassLoader classLoader) {
        return getCacheManager(uri, classLoader, null);
    }

    @Override
    public CacheManager getCacheManager() {
        return getCacheManager(null, null, null);
    }

    @Override
    public ClassLoader getDefaultClassLoader() {
        return FakeCachingProvider.class.getClassLoader();
    }

    @Override
    public URI getDefaultURI() {
        return URI.create("fake:cache");
    }

    @Override
    public Properties getDefaultProperties() {
        return new Properties();
    }

    @Override
    public void close() {}

    @Override
    public void close(ClassLoader classLoader) {}

    @Override
    public void close(URI uri, ClassLoader classLoader) {}

    @Override
    public boolean isSupported(OptionalFeature feature) {
        return false;
    }
}
