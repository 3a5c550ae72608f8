package dev.millpond.spring;

import dev.millpond.spring.internal.properties.InvalidPropertyException;
import dev.millpond.spring.internal.properties.Modes;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of one route; immutable.
 *
 * @param paths Patterns of its paths, within the application.
 * @param methods Methods of its requests, such as POST; all if empty. GET includes HEAD.
 * @param cost Tokens that a request takes; zero or more.
 * @param tier The name of a tier that each client has to pass on this route besides its own.
 * @param mode What all limits do on it - off, shadow, enforce, or a share such as 25%; the mode of each tier if not
 *     set.
 */
public record RouteSettings(
        @DefaultValue List<String> paths,
        @DefaultValue List<String> methods,
        @DefaultValue("1") long cost,
        @Nullable String tier,
        @Nullable String mode) {

    private static final Pattern METHOD = Pattern.compile("[A-Za-z]+");

    /** Copies the lists. */
    public RouteSettings {
        paths = List.copyOf(paths);
        methods = List.copyOf(methods);
    }

    void check(String prefix, Tiers known, String defaultTier) {
        if (paths.isEmpty()) {
            throw new InvalidPropertyException(
                    prefix + ".paths", "is not set, but a route needs paths.", "Give patterns such as '/search/**'.");
        }
        methods.stream().filter(method -> !METHOD.matcher(method).matches()).forEach(method -> {
            throw new InvalidPropertyException(
                    prefix + ".methods",
                    "has the method '" + method + "', must be letters.",
                    "Use for example 'POST'.");
        });
        PropertyCheck.atLeast(prefix + ".cost", 0, cost, "Set it to 0 for a route that takes no token.");
        if (tier != null) {
            known.checkFurther(prefix + ".tier", tier, defaultTier);
        }
        if (mode != null) {
            Modes.parse(prefix + ".mode", mode);
        }
    }
}
