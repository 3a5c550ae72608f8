package dev.millpond.benchmarks.peers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one process of an application has: the address of Redis, and one client of each kind, made when first asked for.
 *
 * <p>Not thread-safe, except for {@link #url()}. Closing it closes what was made, the latest first.
 */
public final class Machine implements AutoCloseable {

    private final String url;
    private final Map<Class<?>, Object> shared = new LinkedHashMap<>();
    private final Deque<Runnable> open = new ArrayDeque<>();

    /**
     * Creates a machine without any client.
     *
     * @param url the address of Redis, for example {@code redis://127.0.0.1:6379}
     */
    public Machine(String url) {
        this.url = url;
    }

    /** Returns the address of Redis. */
    public String url() {
        return url;
    }

    /** Returns the one client of a type, made by the first call. */
    public <T> T shared(Class<T> type, Maker<? extends T> maker) throws Exception {
        if (!shared.containsKey(type)) {
            shared.put(type, maker.make(this));
        }
        return type.cast(shared.get(type));
    }

    /** Closes something with this machine; what is owned last is closed first. */
    public void own(Runnable closing) {
        open.push(closing);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }

    /** Makes a client. */
    @FunctionalInterface
    public interface Maker<T> {

        /** Makes it, and has the machine own what must be closed. */
        T make(Machine machine) throws Exception;
    }
}
