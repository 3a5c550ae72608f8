package dev.millpond.runtime.internal;

import java.lang.reflect.Proxy;
import org.redisson.api.RBuckets;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** A client for tests whose commands never touch it. */
final class Clients {

    private Clients() {}

    /** Returns a client that has a configuration and objects, and fails when anything is asked of those. */
    static RedissonClient untouchable() {
        return (RedissonClient) Proxy.newProxyInstance(
                Clients.class.getClassLoader(),
                new Class<?>[] {RedissonClient.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getConfig" -> config();
                    case "getScript" -> untouchable(RScript.class);
                    case "getBuckets" -> untouchable(RBuckets.class);
                    default -> throw new AssertionError("the test's command calls " + method);
                });
    }

    private static Config config() {
        Config config = new Config();
        config.useSingleServer().setAddress("redis://127.0.0.1:1");
        return config;
    }

    private static Object untouchable(Class<?> type) {
        return Proxy.newProxyInstance(
                Clients.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new AssertionError("the test's command calls " + method);
                });
    }
}
