package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisTimeoutException;

/**
 * Reads of many keys of one cache, in parts whose answers are not too large to come in time; thread-safe.
 *
 * <p>How large the values of each cache are is learnt from what is read and stored.
 */
final class ReadParts {

    /** Values of this many bytes are read and stored in a hundred microseconds or so. */
    static final int LARGE = 1 << 14;

    private final ConcurrentMap<String, PartSize> sizes = new ConcurrentHashMap<>();

    /** Reads keys part by part; the answers are in their order. */
    List<byte @Nullable []> read(List<String> keys, Part part) {
        List<byte @Nullable []> answers = new ArrayList<>(keys.size());
        while (answers.size() < keys.size()) {
            int from = answers.size();
            String cache = cacheOf(keys.get(from));
            int atOnce = sizes.getOrDefault(cache, PartSize.INITIAL).keys();
            answers.addAll(read(cache, part, from, Math.min(keys.size(), from + atOnce)));
        }
        return answers;
    }

    private List<byte @Nullable []> read(String cache, Part part, int from, int to) {
        try {
            List<byte @Nullable []> answers = part.read(from, to);
            resize(cache, size -> size.after(answers));
            return answers;
        } catch (RedisUnavailableException e) {
            if (isTimeout(e)) {
                resize(cache, size -> size.afterTimeout(to - from));
            }
            throw e;
        }
    }

    /** Tells whether the values of a key's cache are so large that others should not wait for them. */
    boolean areLarge(String key) {
        PartSize size = sizes.get(cacheOf(key));
        return size != null && size.bytesPerValue() > LARGE;
    }

    /** Learns from what is stored, or was read alone. */
    void stored(String key, List<byte @Nullable []> values) {
        resize(cacheOf(key), size -> size.after(values));
    }

    private void resize(String cache, UnaryOperator<PartSize> change) {
        sizes.compute(cache, (name, size) -> change.apply(size == null ? PartSize.INITIAL : size));
    }

    /** Returns the part of a key that all keys of its cache share: namespace and name, in which no colon can be. */
    private static String cacheOf(String key) {
        return key.substring(0, key.indexOf(':', key.indexOf(':') + 1) + 1);
    }

    private static boolean isTimeout(Throwable failure) {
        for (@Nullable Throwable link = failure; link != null; link = link.getCause()) {
            if (link instanceof TimeoutException || link instanceof RedisTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Reads some of the keys. */
    @FunctionalInterface
    interface Part {

        List<byte @Nullable []> read(int from, int to);
    }
}
