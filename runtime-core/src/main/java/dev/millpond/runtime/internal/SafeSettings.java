package dev.millpond.runtime.internal;

import java.time.Duration;
import java.util.function.IntConsumer;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.ClusterServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConfigSupport;
import org.redisson.config.EqualJitterDelay;
import org.redisson.config.FullJitterDelay;
import org.redisson.config.ReadMode;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SubscriptionMode;

/**
 * Settings of the Redis client that bound every wait.
 *
 * <p>With Redisson's defaults one command may wait for 20 s, a client starts 100 threads, and scripts run again after a
 * timeout, which charges a rate limit several times. A setting that differs from Redisson's default was chosen by the
 * user and stays, except that the client is always lazy (else the application could not start without Redis), always
 * reads from masters (a replica may not know yet what was written a millisecond ago), and knows no references.
 */
final class SafeSettings {

    static final int TIMEOUT_MILLIS = 250;
    static final int CONNECT_MILLIS = 1_000;
    static final int PING_MILLIS = 1_000;
    static final int POOL = 16;
    static final int POOL_IDLE = 4;
    static final int SUBSCRIPTION_POOL = 4;
    static final int THREADS = 2;
    /** Calls that go together are put together on it, and need not wake up another. */
    static final int NETTY_THREADS = 1;

    /** Until the next scan a client knows nothing of a replica that was promoted. */
    static final int SCAN_MILLIS = 1_000;

    private static final Config DEFAULTS = new Config();
    private static final SingleServerConfig SINGLE_DEFAULTS = new Config().useSingleServer();
    private static final ClusterServersConfig CLUSTER_DEFAULTS = new Config().useClusterServers();

    private SafeSettings() {}

    static void apply(Config config) {
        config.setLazyInitialization(true);
        // Else the type of every argument is looked up, behind a lock, for objects that stand for other keys: there are
        // none.
        config.setReferenceEnabled(false);
        if (config.getCodec() == null) {
            config.setCodec(ByteArrayCodec.INSTANCE);
        }
        replace(config.getThreads(), DEFAULTS.getThreads(), THREADS, config::setThreads);
        replace(config.getNettyThreads(), DEFAULTS.getNettyThreads(), NETTY_THREADS, config::setNettyThreads);
        BaseConfig<?> servers = ConfigSupport.getConfig(config);
        applyTimes(servers);
        if (servers instanceof SingleServerConfig single) {
            applyPools(single);
        } else if (servers instanceof BaseMasterSlaveServersConfig<?> several) {
            applyPools(several);
            several.setReadMode(ReadMode.MASTER);
            several.setSubscriptionMode(SubscriptionMode.MASTER);
        }
        if (servers instanceof ClusterServersConfig cluster) {
            replace(
                    cluster.getScanInterval(),
                    CLUSTER_DEFAULTS.getScanInterval(),
                    SCAN_MILLIS,
                    cluster::setScanInterval);
        }
    }

    /**
     * Checks what an application's own client would get wrong.
     *
     * @throws IllegalArgumentException if it reads from replicas
     */
    static void requireReadsFromMasters(Config config) {
        if (ConfigSupport.getConfig(config) instanceof BaseMasterSlaveServersConfig<?> several
                && several.getReadMode() != ReadMode.MASTER) {
            throw new IllegalArgumentException("The Redisson client has the readMode " + several.getReadMode()
                    + ", must have MASTER: a replica may not know yet what was invalidated a moment ago. Call"
                    + " setReadMode(ReadMode.MASTER) on its configuration, or give Millpond a client of its own.");
        }
    }

    private static void applyTimes(BaseConfig<?> servers) {
        SingleServerConfig defaults = SINGLE_DEFAULTS;
        replace(servers.getTimeout(), defaults.getTimeout(), TIMEOUT_MILLIS, servers::setTimeout);
        replace(servers.getRetryAttempts(), defaults.getRetryAttempts(), 0, servers::setRetryAttempts);
        replace(servers.getConnectTimeout(), defaults.getConnectTimeout(), CONNECT_MILLIS, servers::setConnectTimeout);
        replace(
                servers.getSubscriptionTimeout(),
                defaults.getSubscriptionTimeout(),
                CONNECT_MILLIS,
                servers::setSubscriptionTimeout);
        replace(
                servers.getPingConnectionInterval(),
                defaults.getPingConnectionInterval(),
                PING_MILLIS,
                servers::setPingConnectionInterval);
        if (servers.getReconnectionDelay() instanceof EqualJitterDelay) {
            servers.setReconnectionDelay(new FullJitterDelay(Duration.ofMillis(50), Duration.ofMillis(500)));
        }
    }

    private static void applyPools(SingleServerConfig single) {
        if (single.getConnectionPoolSize() == SINGLE_DEFAULTS.getConnectionPoolSize()
                && single.getConnectionMinimumIdleSize() == SINGLE_DEFAULTS.getConnectionMinimumIdleSize()) {
            single.setConnectionPoolSize(POOL).setConnectionMinimumIdleSize(POOL_IDLE);
        }
        replace(
                single.getSubscriptionConnectionPoolSize(),
                SINGLE_DEFAULTS.getSubscriptionConnectionPoolSize(),
                SUBSCRIPTION_POOL,
                single::setSubscriptionConnectionPoolSize);
    }

    private static void applyPools(BaseMasterSlaveServersConfig<?> several) {
        if (several.getMasterConnectionPoolSize() == SINGLE_DEFAULTS.getConnectionPoolSize()
                && several.getMasterConnectionMinimumIdleSize() == SINGLE_DEFAULTS.getConnectionMinimumIdleSize()) {
            several.setMasterConnectionPoolSize(POOL);
            several.setMasterConnectionMinimumIdleSize(POOL_IDLE);
        }
        replace(
                several.getSubscriptionConnectionPoolSize(),
                SINGLE_DEFAULTS.getSubscriptionConnectionPoolSize(),
                SUBSCRIPTION_POOL,
                several::setSubscriptionConnectionPoolSize);
    }

    private static void replace(int current, int redissonDefault, int safe, IntConsumer setter) {
        if (current == redissonDefault) {
            setter.accept(safe);
        }
    }
}
