package dev.millpond.examples.servlet;

import com.zaxxer.hikari.HikariDataSource;
import dev.millpond.cache.CacheHealth;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.examples.standings.StandingsDatabase;
import dev.millpond.examples.standings.StandingsService;
import dev.millpond.examples.standings.web.ApiKeys;
import dev.millpond.examples.standings.web.BodyLimitFilter;
import dev.millpond.examples.standings.web.KnownKeyFilter;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimitHealth;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.servlet.CacheStatusFilter;
import dev.millpond.servlet.ClientKey;
import dev.millpond.servlet.HealthServlet;
import dev.millpond.servlet.RateLimitFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.apache.catalina.LifecycleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The standings service behind Millpond's filters on embedded Tomcat, without Spring.
 *
 * <p>{@link #register} is what an application in any servlet container would write.
 */
public final class StandingsServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StandingsServer.class);

    private static final String NAMESPACE = "euro2024";
    private static final String HEALTH = "/health";

    private final ApiKeys apiKeys = new ApiKeys();
    private final OpenedResources opened = new OpenedResources();
    private final HikariDataSource database;
    private final Optional<RedisConnection> redis;
    private final CacheRegistry caches;
    private final RateLimitHealth limiterHealth = new RateLimitHealth();
    private final RateLimiter limiter;
    private final HealthMonitor health;
    private final EmbeddedTomcat tomcat;

    private StandingsServer(Settings settings) throws IOException, LifecycleException {
        try {
            redis = settings.redisUrl().map(RedisConnection::to).map(opened::add);
            caches = opened.add(caches());
            limiter = opened.add(limiter(settings.whenRedisIsDown()));
            health = opened.add(health());
            database = database(settings.databaseUrl());
            tomcat = opened.add(EmbeddedTomcat.start(settings.port(), this::register));
        } catch (IOException | LifecycleException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Starts the server with the settings of the environment; it runs until the process is ended. */
    public static void main(String[] arguments) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        try {
            StandingsServer server = start(Settings.of(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            log.info("Listening on http://127.0.0.1:{}", server.port());
        } catch (IOException | LifecycleException | RuntimeException e) {
            log.error("{}", e.getMessage());
            System.exit(1);
        }
    }

    static StandingsServer start(Settings settings) throws IOException, LifecycleException {
        return new StandingsServer(settings);
    }

    /** What failed is named by its type alone: the messages quote the URL, which may hold a password. */
    private HikariDataSource database(String url) {
        try {
            HikariDataSource opening = opened.add(StandingsDatabase.open(url));
            StandingsDatabase.prepare(opening);
            return opening;
        } catch (SQLException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "The database that STANDINGS_DB_URL names cannot be opened ("
                            + e.getClass().getSimpleName()
                            + "). Set a JDBC URL of H2 such as jdbc:h2:mem:standings, or unset it.",
                    e);
        }
    }

    private CacheRegistry caches() {
        CacheRegistry.Builder builder = CacheRegistry.builder().namespace(NAMESPACE);
        redis.ifPresent(builder::redis);
        return builder.build();
    }

    private RateLimiter limiter(Map<Tier, FailurePolicy> whenRedisIsDown) {
        RateLimiter.Builder builder = RateLimiter.builder()
                .namespace(NAMESPACE)
                .secret("only-for-this-example")
                .tierOf(apiKeys)
                .defaultTier(ApiKeys.ANONYMOUS)
                .listener(limiterHealth);
        whenRedisIsDown.forEach(builder::whenRedisIsDown);
        redis.ifPresent(builder::redis);
        return builder.build();
    }

    private HealthMonitor health() {
        HealthMonitor.Builder builder =
                HealthMonitor.builder().source(CacheHealth.of(caches)).source(limiterHealth);
        redis.ifPresent(builder::redis);
        return builder.build();
    }

    private void register(ServletContext context) {
        ClientKey apiKey = ClientKey.header(ApiKeys.HEADER);
        addFilter(
                context,
                RateLimitFilter.builder(limiter)
                        .clientKey(apiKey)
                        .skip(request -> request.getServletPath().equals(HEALTH))
                        .build());
        addFilter(context, new KnownKeyFilter(apiKey, apiKeys::isKnown));
        addFilter(context, CacheStatusFilter.of(caches));
        addFilter(context, new BodyLimitFilter());
        context.addServlet("health", new HealthServlet(health)).addMapping(HEALTH);
        context.addServlet("standings", new StandingsServlet(new StandingsService(database, caches)))
                .addMapping("/");
    }

    private static void addFilter(ServletContext context, Filter filter) {
        context.addFilter(filter.getClass().getSimpleName(), filter).addMappingForUrlPatterns(null, true, "/*");
    }

    int port() {
        return tomcat.port();
    }

    RedisConnection redis() {
        return redis.orElseThrow();
    }

    @Override
    public void close() {
        opened.close();
    }
}
