package dev.millpond.servlet;

import java.lang.reflect.Proxy;

/** Makes instances of interfaces whose every method throws. */
final class Untouchable {

    private Untouchable() {}

    static <T> T of(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            throw new AssertionError("unexpected call of " + method);
        }));
    }
}
