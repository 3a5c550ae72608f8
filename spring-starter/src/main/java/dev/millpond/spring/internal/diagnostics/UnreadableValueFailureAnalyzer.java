package dev.millpond.spring.internal.diagnostics;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.util.ClassUtils;

/** Reports values that are no durations, numbers or choices, as the configuration writes these. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnreadableValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(KnownProperties.PREFIX);

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationProperty property = cause.getProperty();
        ConversionFailedException conversion = findCause(cause, ConversionFailedException.class);
        if (property == null || conversion == null || !PREFIX.isAncestorOf(property.getName())) {
            return null;
        }
        Expectation expected = expectation(conversion.getTargetType().getType());
        return expected == null
                ? null
                : new FailureAnalysis(problem(property) + expected.rule(), expected.fix(), cause);
    }

    private static String problem(ConfigurationProperty property) {
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return "Property '" + property.getName() + "'" + origin + " is '" + property.getValue() + "', ";
    }

    private static @Nullable Expectation expectation(Class<?> type) {
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (boxed == Duration.class) {
            return new Expectation(
                    "must be a duration.", "Give a number with its unit, such as 250ms, 30s, 5m, 1h or 2d.");
        }
        if (boxed.isEnum()) {
            return new Expectation("must be one of " + choices(boxed) + ".", "Use one of these.");
        }
        if (boxed == Boolean.class) {
            return new Expectation("must be true or false.", "Use one of these.");
        }
        if (boxed == Double.class) {
            return new Expectation("must be a number.", "Give a number such as 0.5 or 10.");
        }
        return Number.class.isAssignableFrom(boxed)
                ? new Expectation("must be a whole number.", "Give a number such as 10.")
                : null;
    }

    private static List<String> choices(Class<?> choice) {
        return Stream.of(choice.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private record Expectation(String rule, String fix) {}
}
