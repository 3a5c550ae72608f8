package dev.millpond.spring.internal.ratelimit;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.spring.RateLimitProperties;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ReflectionUtils;

/** Finds the changed properties that a running application cannot follow. */
final class RestartCheck {

    private static final String PREFIX = "millpond.rate-limit.";
    private static final Set<String> FOLLOWED =
            Set.of("tiers", "clients", "allowlist", "denylist", "mode", "paths", "excludedPaths", "routes");

    private RestartCheck() {}

    /**
     * Returns their names, in order.
     *
     * @param filterMissing whether no filter was made at the start: then no request follows anything
     */
    static List<String> changed(RateLimitProperties atStart, RateLimitProperties now, boolean filterMissing) {
        Stream<String> components = Stream.of(RateLimitProperties.class.getRecordComponents())
                .filter(component -> filterMissing || !FOLLOWED.contains(component.getName()))
                .filter(component -> !Objects.equals(value(component, atStart), value(component, now)))
                .map(component -> DataObjectPropertyName.toDashedForm(component.getName()));
        return Stream.of(components, policies(atStart, now), firstRoutes(atStart, now))
                .flatMap(names -> names)
                .map(PREFIX::concat)
                .distinct()
                .sorted()
                .toList();
    }

    private static @Nullable Object value(RecordComponent component, RateLimitProperties properties) {
        return ReflectionUtils.invokeMethod(component.getAccessor(), properties);
    }

    private static Stream<String> policies(RateLimitProperties atStart, RateLimitProperties now) {
        Map<String, FailurePolicy> before = policies(atStart);
        Map<String, FailurePolicy> after = policies(now);
        return Stream.concat(before.keySet().stream(), after.keySet().stream())
                .distinct()
                .filter(tier -> before.get(tier) != after.get(tier))
                .map(tier -> "tiers." + tier + ".when-redis-is-down");
    }

    private static Map<String, FailurePolicy> policies(RateLimitProperties properties) {
        Map<String, FailurePolicy> policies = new TreeMap<>();
        properties.tiers().forEach((name, tier) -> {
            @Nullable FailurePolicy policy = tier.whenRedisIsDown();
            if (policy != null) {
                policies.put(name, policy);
            }
        });
        return policies;
    }

    /** A filter that was made without routes looks for none. */
    private static Stream<String> firstRoutes(RateLimitProperties atStart, RateLimitProperties now) {
        return atStart.routes().isEmpty() && !now.routes().isEmpty() ? Stream.of("routes") : Stream.of();
    }
}
