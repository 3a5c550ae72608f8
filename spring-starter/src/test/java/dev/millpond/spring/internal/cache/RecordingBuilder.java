package dev.millpond.spring.internal.cache;

import java.lang.reflect.Proxy;
import java.util.List;

/** Builders that note what they are told. */
final class RecordingBuilder {

    private RecordingBuilder() {}

    /** Returns a builder that notes its calls with their first arguments, and builds what it is given here. */
    static <B> B of(Class<B> type, List<String> calls, Object built) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    calls.add(method.getName() + (arguments == null ? "" : " " + arguments[0]));
                    return method.getName().equals("build") ? built : proxy;
                }));
    }
}
