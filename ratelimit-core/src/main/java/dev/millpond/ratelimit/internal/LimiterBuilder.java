package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.Denylist;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.ratelimit.internal.engine.LocalLimitEngine;
import dev.millpond.ratelimit.internal.engine.RedisLimitEngine;
import dev.millpond.ratelimit.internal.nodes.LiveNodes;
import dev.millpond.ratelimit.internal.nodes.NodeCount;
import dev.millpond.ratelimit.internal.rules.RulesState;
import dev.millpond.ratelimit.internal.rules.RulesStore;
import dev.millpond.ratelimit.spi.DecisionListener;
import dev.millpond.ratelimit.spi.DecisionObserver;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.GivenSettings;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.SharedState.Follower;
import dev.millpond.runtime.spi.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks the settings of a rate limiter and puts its parts together; not thread-safe. */
public final class LimiterBuilder implements RateLimiter.Builder {

    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(50);

    private final GivenSettings given = new GivenSettings("Rate limiter");
    private final Map<String, FailurePolicy> policyByTier = new HashMap<>();
    private final List<DecisionListener> listeners = new ArrayList<>();
    private @Nullable DecisionObserver observer;
    private @Nullable RedisConnection redis;
    private String namespace = "millpond";
    private @Nullable String secret;
    private TierResolver resolver = apiKey -> Optional.empty();
    private Tier defaultTier = Tier.FREE;
    private Allowlist allowlist = Allowlist.none();
    private Denylist denylist = Denylist.none();
    private RateLimitRules rules = RateLimitRules.none();
    private FailurePolicy policy = FailurePolicy.LIMIT_LOCALLY;
    private @Nullable Integer expectedNodes;
    private Duration timeout = DEFAULT_TIMEOUT;
    private RedisEngine engine = RedisEngine.SCRIPT;
    private boolean enabled = true;
    private @Nullable Switches switches;
    private Ticker ticker = Ticker.systemTicker();
    private InstantSource clock = InstantSource.system();
    private Patience.Pause pause = Patience::pause;

    /** Creates a builder with nothing set. */
    public LimiterBuilder() {}

    @Override
    public RateLimiter.Builder redis(RedisConnection redis) {
        this.redis = given.once("redis", redis);
        return this;
    }

    @Override
    public RateLimiter.Builder engine(RedisEngine engine) {
        this.engine = given.once("engine", engine);
        return this;
    }

    @Override
    public RateLimiter.Builder namespace(String namespace) {
        given.notNull("namespace", namespace);
        this.namespace = given.once("namespace", GivenSettings.name("Rate limiter: namespace", namespace));
        return this;
    }

    @Override
    public RateLimiter.Builder secret(String secret) {
        this.secret = given.once("secret", DigestSecret.checked(given.notNull("secret", secret)));
        return this;
    }

    @Override
    public RateLimiter.Builder tierOf(TierResolver resolver) {
        this.resolver = given.once("tierOf", resolver);
        return this;
    }

    @Override
    public RateLimiter.Builder defaultTier(Tier tier) {
        this.defaultTier = given.once("defaultTier", tier);
        return this;
    }

    @Override
    public RateLimiter.Builder allowlist(Allowlist allowlist) {
        this.allowlist = given.once("allowlist", allowlist);
        return this;
    }

    @Override
    public RateLimiter.Builder denylist(Denylist denylist) {
        this.denylist = given.once("denylist", denylist);
        return this;
    }

    @Override
    public RateLimiter.Builder rules(RateLimitRules rules) {
        this.rules = given.once("rules", rules);
        return this;
    }

    @Override
    public RateLimiter.Builder whenRedisIsDown(FailurePolicy policy) {
        this.policy = given.once("whenRedisIsDown", policy);
        return this;
    }

    @Override
    public RateLimiter.Builder whenRedisIsDown(Tier tier, FailurePolicy policy) {
        given.notNull("tier of whenRedisIsDown", tier);
        policyByTier.put(tier.name(), given.once("whenRedisIsDown of tier " + tier.name(), policy));
        return this;
    }

    @Override
    public RateLimiter.Builder expectedNodes(int nodes) {
        if (nodes < 1) {
            throw new IllegalArgumentException("Rate limiter: expectedNodes is " + nodes
                    + ", must be at least 1. Give the number of nodes that share the limits.");
        }
        this.expectedNodes = given.once("expectedNodes", nodes);
        return this;
    }

    @Override
    public RateLimiter.Builder decisionTimeout(Duration timeout) {
        given.notNull("decisionTimeout", timeout);
        if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("Rate limiter: decisionTimeout is " + timeout
                    + ", must be 1 ms to 10 s. Use a time that a request can spare, such as 50 ms.");
        }
        this.timeout = given.once("decisionTimeout", timeout);
        return this;
    }

    @Override
    public RateLimiter.Builder switches(Switches switches) {
        this.switches = given.once("switches", switches);
        return this;
    }

    @Override
    public RateLimiter.Builder enabled(boolean enabled) {
        this.enabled = given.once("enabled", enabled);
        return this;
    }

    private Supplier<SwitchMode> limits() {
        SwitchMode configured = SwitchMode.of(enabled);
        return switches == null ? () -> configured : switches.follow(Switch.RATE_LIMIT, configured);
    }

    @Override
    public RateLimiter.Builder ticker(Ticker ticker) {
        this.ticker = given.once("ticker", ticker);
        return this;
    }

    /** Sets how callers wait for tokens; by the system's timer by default. */
    LimiterBuilder pause(Patience.Pause pause) {
        this.pause = pause;
        return this;
    }

    /** Sets the time of day by which bans end; the system's by default. */
    LimiterBuilder clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    @Override
    public RateLimiter.Builder listener(DecisionListener listener) {
        listeners.add(given.notNull("listener", listener));
        return this;
    }

    @Override
    public RateLimiter.Builder observer(DecisionObserver observer) {
        this.observer = given.once("observer", observer);
        return this;
    }

    @Override
    public RateLimiter build() {
        BucketNames names = names();
        LimitEngine local = new LocalLimitEngine(ticker);
        return redis == null
                ? build(names, local, local, nodesOfOneProcess(), RulesStore::inProcess)
                : build(redis.guard(), names, local);
    }

    /** Makes a limiter of this engine, whatever was said about Redis. */
    RateLimiter build(LimitEngine buckets) {
        return build(names(), buckets, new LocalLimitEngine(ticker), nodesOfOneProcess(), RulesStore::inProcess);
    }

    private NodeCount nodesOfOneProcess() {
        return NodeCount.of(expectedNodes == null ? 1 : expectedNodes);
    }

    private RateLimiter build(RedisGuard guard, BucketNames names, LimitEngine local) {
        Upkeep upkeep = new Upkeep("A rate limiter", "millpond-rate-limit-upkeep");
        NodeCount nodes = expectedNodes == null
                ? new LiveNodes(guard, names.nodes(), upkeep, timeout)
                : NodeCount.of(expectedNodes);
        return build(
                names,
                redisEngine(guard, names),
                local,
                nodes,
                follower -> RulesStore.inRedis(guard, names.rules(), names.channel(), upkeep, follower));
    }

    private RateLimiter build(
            BucketNames names,
            LimitEngine buckets,
            LimitEngine local,
            NodeCount nodes,
            Function<Follower<RulesState>, RulesStore> storeOf) {
        BucketOwners owners = new BucketOwners(names);
        TierLookup tiers = new TierLookup(resolver, ticker);
        RulesInForce inForce = new RulesInForce(rules, tiers);
        return new TieredRateLimiter(
                owners,
                new ChangingRules(inForce, storeOf.apply(inForce), clock),
                new UncountedDecisions(limits(), allowlist, denylist, defaultTier, clock),
                new RequestBuckets(tiers, defaultTier, owners),
                new LookUps(local),
                new Counting(buckets, new DegradedDecisions(policy, policyByTier, nodes, local), ticker),
                new Listeners(listeners, ticker),
                new Observers(observer, ticker),
                new MostDenied(ticker),
                new Patience(ticker, pause),
                ticker);
    }

    private BucketNames names() {
        return new BucketNames(namespace, DigestSecret.bytes(secret, namespace, redis != null));
    }

    private LimitEngine redisEngine(RedisGuard guard, BucketNames names) {
        RedisLimitEngine shared = new RedisLimitEngine(
                engine, guard, timeout, InstantSource.system(), Ticker.systemTicker(), names.channel());
        shared.warmUpWhenAvailable(names.warmUpBucket());
        return shared;
    }
}
