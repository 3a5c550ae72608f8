package dev.millpond.runtime.internal;

import java.lang.reflect.Proxy;
import org.redisson.api.RedissonClient;

/** A client for tests whose commands never touch it. */
final class Clients {

    private Clients() {}

    static RedissonClient untouchable() {
        return (RedissonClient) Proxy.newProxyInstance(
                Clients.class.getClassLoader(), new Class<?>[] {RedissonClient.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("the test's command calls " + method);
                });
    }
}
