package dev.millpond.spring.internal.ratelimit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.core.env.Environment;

/** Warns if somebody else handles forwarded fields, so that clients are counted by addresses that they made up. */
public final class ForwardingCheck {

    private static final Logger log = LoggerFactory.getLogger(ForwardingCheck.class);
    private static final String STRATEGY = "server.forward-headers-strategy";

    private ForwardingCheck() {}

    /** Warns if the application's settings contradict each other. */
    public static void warn(Environment environment, List<String> trustedProxies) {
        warning(environment, trustedProxies).ifPresent(log::warn);
    }

    private static Optional<String> warning(Environment environment, List<String> trustedProxies) {
        Optional<String> strategy = strategy(environment);
        if (strategy.filter("framework"::equals).isPresent()) {
            return Optional.of(
                    "Property '" + STRATEGY + "' is 'framework', which believes whatever address a client names"
                            + " in X-Forwarded-For or Forwarded; each client can so have as many rate limits as it likes. Remove"
                            + " it and name your proxies in 'millpond.rate-limit.trusted-proxies', or use 'native'.");
        }
        return strategy.filter(name -> name.startsWith("native") && !trustedProxies.isEmpty())
                .map(name ->
                        "Property '" + STRATEGY + "' is '" + name + "' and 'millpond.rate-limit.trusted-proxies' is set"
                                + " too; the web server takes forwarded fields away before the rate-limit filter reads them. Remove"
                                + " one of the two.");
    }

    private static Optional<String> strategy(Environment environment) {
        return Optional.ofNullable(environment.getProperty(STRATEGY))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .or(() -> Optional.ofNullable(CloudPlatform.getActive(environment))
                        .filter(CloudPlatform::isUsingForwardHeaders)
                        .map(platform -> "native, as is usual on " + platform));
    }
}
