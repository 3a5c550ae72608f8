package dev.millpond.spring.internal.cache;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Finds the JCache provider that an application brought along.
 *
 * <p>Redisson contains a JCache provider too, which comes with this starter and which nobody chose.
 */
public final class JCacheProviders {

    /** The property by which Spring Boot is told which provider to use. */
    public static final String PROVIDER_PROPERTY = "spring.cache.jcache.provider";

    private static final String SERVICE = "META-INF/services/javax.cache.spi.CachingProvider";
    private static final String REDISSON = "org.redisson.";
    private static final List<String> NEEDED =
            List.of("javax.cache.Caching", "org.springframework.cache.jcache.JCacheCacheManager");

    private JCacheProviders() {}

    /** Returns the class name of the provider that Spring Boot would use without this starter. */
    public static Optional<String> ofApplication(@Nullable ClassLoader given) {
        ClassLoader classLoader = given != null ? given : JCacheProviders.class.getClassLoader();
        if (!NEEDED.stream().allMatch(needed -> ClassUtils.isPresent(needed, classLoader))) {
            return Optional.empty();
        }
        Set<String> providers = providers(classLoader);
        return providers.size() == 1 ? Optional.of(providers.iterator().next()) : Optional.empty();
    }

    private static Set<String> providers(ClassLoader classLoader) {
        Set<String> providers = new TreeSet<>();
        try {
            for (URL file : Collections.list(classLoader.getResources(SERVICE))) {
                lines(file).filter(line -> !line.startsWith(REDISSON)).forEach(providers::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return providers;
    }

    private static Stream<String> lines(URL file) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(file.openStream(), StandardCharsets.UTF_8))) {
            return reader
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList()
                    .stream();
        }
    }
}
