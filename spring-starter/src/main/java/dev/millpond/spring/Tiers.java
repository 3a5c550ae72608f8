package dev.millpond.spring;

import dev.millpond.ratelimit.Tier;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tiers of the application by name: free, standard, pro and enterprise, and those of the configuration.
 *
 * <p>Thread-safe. Inject it where a {@link dev.millpond.ratelimit.TierResolver} knows only the name of a client's tier,
 * and ask it each time: a {@linkplain RateLimitReload reload} may change the tiers of the bean.
 */
public final class Tiers {

    private static final String PREFIX = "millpond.rate-limit.tiers.";

    private static final Map<String, Tier> BUILT_IN = Stream.of(Tier.FREE, Tier.STANDARD, Tier.PRO, Tier.ENTERPRISE)
            .collect(Collectors.toUnmodifiableMap(Tier::name, Function.identity()));

    private final Supplier<Map<String, Tier>> byName;

    private Tiers(Supplier<Map<String, Tier>> byName) {
        this.byName = byName;
    }

    /** Returns the tiers of these properties. */
    public static Tiers of(RateLimitProperties properties) {
        return of(properties.tiers());
    }

    static Tiers of(Map<String, TierSettings> configured) {
        Map<String, Tier> byName = new TreeMap<>(BUILT_IN);
        configured.forEach(
                (name, settings) -> byName.put(name, settings.named(name, PREFIX + name, BUILT_IN.get(name))));
        return new Tiers(() -> byName);
    }

    /** Returns the tiers that others hold at each time. */
    public static Tiers following(Supplier<Tiers> others) {
        return new Tiers(() -> others.get().byName.get());
    }

    static void checkAll(Map<String, TierSettings> configured) {
        configured.forEach((name, settings) -> settings.check(PREFIX + name, BUILT_IN.get(name)));
    }

    /** Returns a tier, or empty if there is none of this name. */
    public Optional<Tier> find(String name) {
        return Optional.ofNullable(byName.get().get(name));
    }

    /**
     * Returns a tier that must exist.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public Tier get(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("There is no tier '" + name + "', only "
                        + byName.get().keySet() + ". Use one of these or define '" + PREFIX + name + ".limit'."));
    }

    void check(String property, String name) {
        if (!byName.get().containsKey(name)) {
            throw new InvalidPropertyException(
                    property,
                    "is '" + name + "', must be one of the tiers "
                            + byName.get().keySet() + ".",
                    "Use one of these or define '" + PREFIX + name + ".limit'.");
        }
    }

    /** Checks the tier of a limit that is counted besides that of the default tier. */
    void checkFurther(String property, String name, String defaultTier) {
        check(property, name);
        if (name.equals(defaultTier)) {
            throw new InvalidPropertyException(
                    property,
                    "is '" + name + "', must not be the default tier, whose buckets it would share.",
                    "Define a tier of its own, such as '" + PREFIX + name + "-further.limit'.");
        }
    }
}
