package dev.millpond.spring.internal.diagnostics;

import dev.millpond.spring.MillpondProperties;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** The properties that exist: the components of {@link MillpondProperties}, and of the records in it. */
final class KnownProperties {

    static final String PREFIX = "millpond";

    private static final List<KnownProperty> ALL =
            below(List.of(PREFIX), MillpondProperties.class).toList();

    private KnownProperties() {}

    static List<KnownProperty> all() {
        return ALL;
    }

    static boolean contains(ConfigurationPropertyName name) {
        return ALL.stream().anyMatch(known -> known.isWrittenAs(name));
    }

    static boolean containsVariable(String variable) {
        return ALL.stream().anyMatch(known -> known.isWrittenAs(variable));
    }

    /** Returns the property that somebody most likely meant. */
    static String nearest(String name) {
        List<String> given = segments(name);
        return nearest(name, given).filledFrom(given);
    }

    /** Returns the environment variable that somebody most likely meant. */
    static String nearestVariable(String variable) {
        List<String> given = List.of(variable.split("_"));
        return nearest(variable, given)
                .filledFrom(given)
                .replace('.', '_')
                .replace("-", "")
                .toUpperCase(Locale.ROOT);
    }

    /** Returns the first property in a group; empty if the name is not that of a group. */
    static Optional<String> firstIn(ConfigurationPropertyName group) {
        return ALL.stream()
                .filter(known -> known.isBelow(group))
                .findFirst()
                .map(known -> known.filledFrom(segments(group.toString())));
    }

    private static List<String> segments(String name) {
        return List.of(name.replaceAll("\\[(\\d+)]", ".[$1]").split("\\."));
    }

    private static KnownProperty nearest(String name, List<String> given) {
        String squashed = KnownProperty.squash(name);
        String last = given.get(given.size() - 1);
        String parent = KnownProperty.squash(name.substring(0, name.length() - last.length()));
        ToIntFunction<KnownProperty> distance = known -> {
            String candidate = KnownProperty.squash(known.filledFrom(given));
            return known.isAbbreviatedAs(last) && candidate.startsWith(parent)
                    ? 0
                    : EditDistance.between(squashed, candidate);
        };
        return ALL.stream().min(Comparator.comparingInt(distance)).orElseThrow();
    }

    private static Stream<KnownProperty> below(List<String> parent, Class<?> settings) {
        return Stream.of(settings.getRecordComponents()).flatMap(component -> of(parent, component));
    }

    private static Stream<KnownProperty> of(List<String> parent, RecordComponent component) {
        List<String> name = child(parent, DataObjectPropertyName.toDashedForm(component.getName()));
        Class<?> type = component.getType();
        if (type.isRecord()) {
            return below(name, type);
        }
        if (type == Map.class) {
            return below(child(name, KnownProperty.ANY), typeArgument(component.getGenericType(), 1));
        }
        if (type == List.class && typeArgument(component.getGenericType(), 0).isRecord()) {
            return below(child(name, KnownProperty.INDEX), typeArgument(component.getGenericType(), 0));
        }
        return Stream.of(new KnownProperty(name, type == List.class));
    }

    private static Class<?> typeArgument(Type collection, int index) {
        return (Class<?>) ((ParameterizedType) collection).getActualTypeArguments()[index];
    }

    private static List<String> child(List<String> parent, String name) {
        return Stream.concat(parent.stream(), Stream.of(name)).toList();
    }
}
