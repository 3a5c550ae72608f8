package dev.millpond.spring.internal.diagnostics;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reports properties that do not exist, and the names that were most likely meant. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(KnownProperties.PREFIX);

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        List<ConfigurationProperty> ours = cause.getUnboundProperties().stream()
                .filter(property -> PREFIX.isAncestorOf(property.getName()))
                .toList();
        if (ours.isEmpty()) {
            return null;
        }
        return new FailureAnalysis(
                lines(ours, UnknownPropertyFailureAnalyzer::problem),
                lines(ours, UnknownPropertyFailureAnalyzer::fix),
                cause);
    }

    private static String problem(ConfigurationProperty property) {
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return "Property '" + property.getName() + "'" + origin + " does not exist.";
    }

    private static String fix(ConfigurationProperty property) {
        return "Use '" + KnownProperties.nearest(property.getName().toString())
                + "', the nearest name that exists, or remove '" + property.getName() + "'.";
    }

    private static String lines(List<ConfigurationProperty> properties, Function<ConfigurationProperty, String> line) {
        return properties.stream().map(line).collect(Collectors.joining(System.lineSeparator()));
    }
}
