package dev.millpond.spring.internal.diagnostics;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConverterNotFoundException;

/**
 * Reports a value that stands where a group of properties belongs.
 *
 * <p>The report is without the value: it may be the key of a client, or a URL with a password.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MisplacedValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(KnownProperties.PREFIX);

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationPropertyName name = cause.getName();
        if (!PREFIX.isAncestorOf(name) || findCause(cause, ConverterNotFoundException.class) == null) {
            return null;
        }
        return KnownProperties.firstIn(name)
                .map(part -> new FailureAnalysis(problem(name, cause.getProperty()), fix(part), cause))
                .orElse(null);
    }

    /** Spring Boot knows the property where it binds a map, but not where it binds a record. */
    private static String problem(ConfigurationPropertyName name, @Nullable ConfigurationProperty property) {
        String origin = property == null || property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return "Property '" + name + "'" + origin + " has a value, must be a group of properties.";
    }

    private static String fix(String part) {
        return "Give the value to one of the group, such as '" + part + "'.";
    }
}
