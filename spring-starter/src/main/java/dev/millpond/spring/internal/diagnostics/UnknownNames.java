package dev.millpond.spring.internal.diagnostics;

import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Warns of environment variables and system properties that look like properties of Millpond and are none.
 *
 * <p>Spring Boot refuses unknown names everywhere but there, because others may have set these for other programs.
 */
public final class UnknownNames implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(UnknownNames.class);
    private static final String VARIABLE_PREFIX = "MILLPOND_";
    private static final String PROPERTY_PREFIX = KnownProperties.PREFIX + ".";

    /** The testkit reads such variables, and an application's tests may run with both. */
    private static final String TESTKIT_PREFIX = "MILLPOND_TEST_";

    private final ConfigurableEnvironment environment;

    /** Creates it for the variables and properties of this environment. */
    public UnknownNames(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        names(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
                .filter(name -> name.startsWith(VARIABLE_PREFIX) && !name.startsWith(TESTKIT_PREFIX))
                .filter(name -> !KnownProperties.containsVariable(name))
                .forEach(name -> warn("Environment variable", name, KnownProperties.nearestVariable(name)));
        names(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)
                .filter(name -> name.startsWith(PROPERTY_PREFIX))
                .filter(name -> !KnownProperties.contains(ConfigurationPropertyName.adapt(name, '.')))
                .forEach(name -> warn("System property", name, KnownProperties.nearest(name)));
    }

    private static void warn(String kind, String name, String nearest) {
        log.warn(
                "{} '{}' has no effect: there is no such property. Use '{}', the nearest name that exists, or remove it.",
                kind,
                name,
                nearest);
    }

    private Stream<String> names(String source) {
        return environment.getPropertySources().get(source) instanceof EnumerablePropertySource<?> known
                ? List.of(known.getPropertyNames()).stream().sorted()
                : Stream.empty();
    }
}
