package dev.millpond.spring.internal.ratelimit;

import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.servlet.ClientKey;
import dev.millpond.servlet.RateLimitFilter;
import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.UnknownKeys;
import dev.millpond.spring.internal.properties.ClientKeySource;
import dev.millpond.spring.internal.properties.PropertyCheck;
import dev.millpond.spring.internal.properties.StatusPatterns;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Turns properties into a rate-limit filter. */
public final class RateLimitFilterSetup {

    private static final String CLIENT_KEY = "millpond.rate-limit.client-key";
    private static final String REFUND_ON_STATUS = "millpond.rate-limit.refund-on-status";
    private static final ClientKey NOWHERE = request -> Set.of();

    private RateLimitFilterSetup() {}

    /** Returns a builder that is set up by properties; paths and routes are followed when they change. */
    public static RateLimitFilter.Builder builder(RateLimiter limiter, LiveProperties live) {
        RateLimitProperties properties = live.atStart();
        RateLimitFilter.Builder builder = common(limiter, live);
        if (!properties.refundOnStatus().isEmpty()) {
            builder.refundWhen(StatusPatterns.parse(REFUND_ON_STATUS, properties.refundOnStatus()));
        }
        if (properties.unknownKeys() == UnknownKeys.REFUSE) {
            builder.refuseUnknownKeys();
        }
        if (!properties.routes().isEmpty()) {
            Supplier<Routes> routes = live.derive(Routes::of);
            builder.route(request -> routes.get().find(request));
        }
        return builder;
    }

    /** Returns a filter that limits addresses before anybody is authenticated. */
    public static RateLimitFilter guard(RateLimiter limiter, LiveProperties live, Tier tier) {
        return common(limiter, live).guard(tier).build();
    }

    private static RateLimitFilter.Builder common(RateLimiter limiter, LiveProperties live) {
        RateLimitProperties properties = live.atStart();
        Supplier<LimitedPaths> paths = live.derive(LimitedPaths::of);
        RateLimitFilter.Builder builder = RateLimitFilter.builder(limiter)
                .clientKey(clientKey(properties.clientKey()))
                .skip(request -> !paths.get().contains(request))
                .dialect(properties.headerDialect());
        return trustProxies(builder, properties);
    }

    private static RateLimitFilter.Builder trustProxies(
            RateLimitFilter.Builder builder, RateLimitProperties properties) {
        try {
            return builder.trustedProxies(properties.trustedProxies().toArray(new String[0]));
        } catch (IllegalArgumentException e) {
            throw PropertyCheck.refused(
                    "millpond.rate-limit.trusted-proxies", e, "Give addresses or networks such as 10.0.0.0/8.");
        }
    }

    private static ClientKey clientKey(List<String> sources) {
        return sources.stream()
                .map(source -> clientKey(ClientKeySource.parse(CLIENT_KEY, source)))
                .reduce(ClientKey::or)
                .orElse(NOWHERE);
    }

    private static ClientKey clientKey(ClientKeySource source) {
        return switch (source.kind()) {
            case HEADER -> ClientKey.header(source.header());
            case BEARER -> ClientKey.bearer();
            case PRINCIPAL -> ClientKey.principal();
        };
    }
}
