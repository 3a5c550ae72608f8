package dev.millpond.spring.internal.cache;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps the JCache provider of an application in use.
 *
 * <p>Spring Boot takes a provider by itself only if there is exactly one, and Redisson's makes two.
 */
final class JCachePostProcessor implements EnvironmentPostProcessor {

    private static final String SOURCE = "millpondJCacheProvider";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (environment.containsProperty(JCacheProviders.PROVIDER_PROPERTY)) {
            return;
        }
        JCacheProviders.ofApplication(application.getClassLoader())
                .ifPresent(provider -> environment
                        .getPropertySources()
                        .addLast(new MapPropertySource(SOURCE, Map.of(JCacheProviders.PROVIDER_PROPERTY, provider))));
    }
}
