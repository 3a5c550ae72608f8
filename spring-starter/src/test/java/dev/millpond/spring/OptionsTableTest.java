package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table of docs/options.md says what the metadata says, no more and no less. */
final class OptionsTableTest {

    private static final Path TABLE = Path.of("../docs/options.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Map<String, Class<?>> RECORDS_BY_NAME = Map.of(
            "millpond.cache.caches", CacheSettings.class,
            "millpond.cache.warm-up.warmers", WarmerSettings.class,
            "millpond.rate-limit.tiers", TierSettings.class,
            "millpond.rate-limit.clients", ClientSettings.class,
            "millpond.rate-limit.routes", RouteSettings.class);

    @Test
    void table_rows_areTheProperties() throws IOException {
        List<String> rows = Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("| `millpond."))
                .toList();

        assertThat(rows).containsExactlyInAnyOrderElementsOf(expectedRows().toList());
    }

    private static Stream<String> expectedRows() throws IOException {
        try (InputStream metadata =
                new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream()) {
            JsonNode properties = JsonMapper.shared().readTree(metadata).get("properties");
            return properties.valueStream().toList().stream().flatMap(OptionsTableTest::rows);
        }
    }

    private static Stream<String> rows(JsonNode property) {
        String name = property.get("name").asString();
        if (name.startsWith("management.")) {
            return Stream.of(); // of Actuator, as for any endpoint
        }
        Class<?> byName = RECORDS_BY_NAME.get(name);
        if (byName != null) {
            return rows(name + ".<name>.", byName);
        }
        JsonNode value = property.get("defaultValue");
        return Stream.of(row(
                name,
                type(property.get("type").asString()),
                value == null ? null : value.asString(),
                property.get("description").asString()));
    }

    private static Stream<String> rows(String prefix, Class<?> settings) {
        return Arrays.stream(settings.getDeclaredConstructors()[0].getParameters())
                .flatMap(component -> component.getType() == List.class
                                && elementType(component).isRecord()
                        ? rows(prefix + kebabCase(component.getName()) + "[<n>].", elementType(component))
                        : Stream.of(row(prefix, settings, component)));
    }

    private static Class<?> elementType(Parameter list) {
        return (Class<?>) ((ParameterizedType) list.getParameterizedType()).getActualTypeArguments()[0];
    }

    private static String row(String prefix, Class<?> settings, Parameter component) {
        DefaultValue value = component.getAnnotation(DefaultValue.class);
        return row(
                prefix + kebabCase(component.getName()),
                type(component.getParameterizedType().getTypeName()),
                value == null || value.value().length == 0 ? null : value.value()[0],
                documentation(settings, component.getName()));
    }

    private static String row(String name, String type, @Nullable String value, String meaning) {
        return "| `" + name + "` | " + type + " | " + (value == null ? "" : "`" + value + "`") + " | " + meaning + " |";
    }

    private static String type(String className) {
        return switch (className) {
            case "boolean", "java.lang.Boolean" -> "true or false";
            case "int", "long", "double", "java.lang.Integer", "java.lang.Long", "java.lang.Double" -> "number";
            case "java.time.Duration" -> "duration";
            case "java.lang.String" -> "text";
            case "java.time.ZoneId" -> "time zone";
            case "dev.millpond.cache.Consistency" -> "bounded or strict";
            case "java.util.List<java.lang.String>" -> "list";
            default -> "choice";
        };
    }

    private static String kebabCase(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String documentation(Class<?> settings, String component) {
        Matcher parameter = Pattern.compile("@param " + component + " ([^@]*?)\\s*\\*(?:/| @)")
                .matcher(source(settings));
        assertThat(parameter.find()).as(component).isTrue();
        return parameter.group(1).replaceAll("\\s*\\*?\\s*\\n\\s*\\*\\s*", " ").strip();
    }

    private static String source(Class<?> type) {
        try {
            return Files.readString(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
