package dev.millpond.ratelimit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.ratelimit.internal.engine.LocalLimitEngine;
import dev.millpond.ratelimit.internal.engine.RedisLimitEngine;
import dev.millpond.ratelimit.spi.DecisionListener;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.RedisConnection;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the settings of a rate limiter and puts its parts together; not thread-safe. */
public final class LimiterBuilder implements RateLimiter.Builder {

    private static final Logger LOGGER = LoggerFactory.getLogger(LimiterBuilder.class);
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int SHORTEST_SECRET = 16;
    private static final int RANDOM_SECRET_BYTES = 32;
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(50);

    private final Map<String, FailurePolicy> policyByTier = new HashMap<>();
    private final List<DecisionListener> listeners = new ArrayList<>();
    private @Nullable RedisConnection redis;
    private @Nullable String namespace;
    private @Nullable String secret;
    private @Nullable TierResolver resolver;
    private @Nullable Tier defaultTier;
    private @Nullable Allowlist allowlist;
    private @Nullable FailurePolicy policy;
    private @Nullable Integer nodes;
    private @Nullable Duration timeout;
    private @Nullable Ticker ticker;

    /** Creates a builder with nothing set. */
    public LimiterBuilder() {}

    @Override
    public RateLimiter.Builder redis(RedisConnection redis) {
        this.redis = once(this.redis, redis, "Redis connection");
        return this;
    }

    @Override
    public RateLimiter.Builder namespace(String namespace) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("Rate limiter namespace '" + namespace
                    + "' must be 1 to 64 letters, digits, dots, hyphens or underscores. Use a name such as 'shop'.");
        }
        this.namespace = once(this.namespace, namespace, "namespace");
        return this;
    }

    @Override
    public RateLimiter.Builder secret(String secret) {
        if (secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException("Rate limiter secret has " + secret.length()
                    + " characters, must have at least " + SHORTEST_SECRET
                    + ". Use a long random text, the same on all nodes.");
        }
        this.secret = once(this.secret, secret, "secret");
        return this;
    }

    @Override
    public RateLimiter.Builder tierOf(TierResolver resolver) {
        this.resolver = once(this.resolver, resolver, "tier resolver");
        return this;
    }

    @Override
    public RateLimiter.Builder defaultTier(Tier tier) {
        this.defaultTier = once(this.defaultTier, tier, "default tier");
        return this;
    }

    @Override
    public RateLimiter.Builder allowlist(Allowlist allowlist) {
        this.allowlist = once(this.allowlist, allowlist, "allowlist");
        return this;
    }

    @Override
    public RateLimiter.Builder whenRedisIsDown(FailurePolicy policy) {
        this.policy = once(this.policy, policy, "failure policy");
        return this;
    }

    @Override
    public RateLimiter.Builder whenRedisIsDown(Tier tier, FailurePolicy policy) {
        policyByTier.put(
                tier.name(), once(policyByTier.get(tier.name()), policy, "failure policy of tier " + tier.name()));
        return this;
    }

    @Override
    public RateLimiter.Builder expectedNodes(int nodes) {
        if (nodes < 1) {
            throw new IllegalArgumentException("Rate limiter expected nodes is " + nodes
                    + ", must be at least 1. Give the number of nodes that share the limits.");
        }
        this.nodes = once(this.nodes, nodes, "number of expected nodes");
        return this;
    }

    @Override
    public RateLimiter.Builder decisionTimeout(Duration timeout) {
        if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("Rate limiter decision timeout is " + timeout
                    + ", must be 1 ms to 10 s. Use a time that a request can spare, such as 50 ms.");
        }
        this.timeout = once(this.timeout, timeout, "decision timeout");
        return this;
    }

    @Override
    public RateLimiter.Builder ticker(Ticker ticker) {
        this.ticker = once(this.ticker, ticker, "ticker");
        return this;
    }

    @Override
    public RateLimiter.Builder listener(DecisionListener listener) {
        listeners.add(listener);
        return this;
    }

    private static <T> T once(@Nullable T before, T value, String setting) {
        if (before != null) {
            throw new IllegalStateException("The " + setting + " of the rate limiter is set twice. Set it once.");
        }
        return value;
    }

    @Override
    public RateLimiter build() {
        Ticker elapsed = requireNonNullElse(ticker, Ticker.systemTicker());
        Tier anonymous = requireNonNullElse(defaultTier, Tier.FREE);
        TierResolver keys = requireNonNullElse(resolver, apiKey -> Optional.empty());
        BucketNames names = bucketNames(requireNonNullElse(namespace, "millpond"));
        LimitEngine local = new LocalLimitEngine(elapsed);
        return new TieredRateLimiter(
                requireNonNullElse(allowlist, Allowlist.none()),
                anonymous,
                new ClientBuckets(new TierLookup(keys, elapsed), anonymous, names),
                redis == null ? local : redisEngine(redis, names),
                new DegradedDecisions(
                        requireNonNullElse(policy, FailurePolicy.LIMIT_LOCALLY),
                        policyByTier,
                        requireNonNullElse(nodes, 1),
                        local),
                new Listeners(listeners, elapsed),
                elapsed);
    }

    private LimitEngine redisEngine(RedisConnection connection, BucketNames names) {
        Duration budget = requireNonNullElse(timeout, DEFAULT_TIMEOUT);
        RedisLimitEngine engine =
                new RedisLimitEngine(connection.guard(), budget, InstantSource.system(), Ticker.systemTicker());
        engine.warmUpWhenAvailable(names.warmUpBucket());
        return engine;
    }

    private BucketNames bucketNames(String space) {
        return new BucketNames(space, secret == null ? defaultSecret(space) : secret.getBytes(UTF_8));
    }

    private byte[] defaultSecret(String space) {
        if (redis == null) {
            byte[] random = new byte[RANDOM_SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            return random;
        }
        LOGGER.warn(
                "The rate limiter '{}' has no secret: the digests of API keys in Redis follow from the namespace, so that"
                        + " whoever reads Redis can test guesses of keys. Set RateLimiter.builder().secret(...)"
                        + " (millpond.rate-limit.secret in Spring Boot) to a random text of at least 16 characters, the"
                        + " same on all nodes.",
                space);
        return ("millpond:" + space).getBytes(UTF_8);
    }
}
