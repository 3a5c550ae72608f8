package dev.millpond.spring.internal.ratelimit;

import dev.millpond.servlet.Route;
import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.RouteSettings;
import dev.millpond.spring.Tiers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/** Finds the route of a request by its path and method; thread-safe. */
final class Routes {

    private static final String PREFIX = "millpond.rate-limit.routes.";

    private final List<Candidate> bySpecificity;

    private Routes(List<Candidate> bySpecificity) {
        this.bySpecificity = bySpecificity;
    }

    static Routes of(RateLimitProperties properties) {
        Tiers tiers = Tiers.of(properties);
        return new Routes(properties.routes().entrySet().stream()
                .flatMap(entry -> candidates(entry, tiers))
                .sorted(Candidate.MOST_SPECIFIC_FIRST)
                .toList());
    }

    private static Stream<Candidate> candidates(Map.Entry<String, RouteSettings> entry, Tiers tiers) {
        RouteSettings settings = entry.getValue();
        Route priced = Route.named(entry.getKey()).costing(settings.cost());
        Route route = Optional.ofNullable(settings.tier())
                .map(tier -> priced.within(tiers.get(tier)))
                .orElse(priced);
        Set<String> methods = settings.methods().stream()
                .map(method -> method.toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        return PathPatterns.parse(PREFIX + entry.getKey() + ".paths", settings.paths()).stream()
                .map(pattern -> new Candidate(pattern, methods, route));
    }

    Optional<Route> find(HttpServletRequest request) {
        PathContainer path = ApplicationPath.of(request).path();
        return bySpecificity.stream()
                .filter(candidate -> candidate.matches(path, request.getMethod()))
                .map(Candidate::route)
                .findFirst();
    }

    private record Candidate(PathPattern pattern, Set<String> methods, Route route) {

        static final Comparator<Candidate> MOST_SPECIFIC_FIRST = Comparator.comparing(Candidate::pattern)
                .thenComparing(candidate -> candidate.methods.isEmpty())
                .thenComparing(candidate -> candidate.route.name());

        boolean matches(PathContainer path, String method) {
            return (methods.isEmpty()
                            || methods.contains(method.equals("HEAD") ? "GET" : method)
                            || methods.contains(method))
                    && pattern.matches(path);
        }
    }
}
