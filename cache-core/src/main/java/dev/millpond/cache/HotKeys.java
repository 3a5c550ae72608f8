package dev.millpond.cache;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The keys of one cache that are read most, by all nodes or, without Redis, by this one; most read first.
 *
 * <p>A cache remembers as many as {@link CacheBuilder#hotKeys} says; by default none, and then all lists here are
 * empty. Each node counts its reads, or a sample of them if they are many, and adds them to those of the others in
 * Redis once a minute; old counts fade, by half in ten minutes. So a node that has just started, or finds a cache
 * flushed, can read in advance what will be asked for:
 *
 * <pre>{@code
 * products.warmer(() -> products.hotKeys().as(Long.class).stream()).build().run();
 * }</pre>
 *
 * <p>A warmer does not count as a reader, while {@link LoadingCache#getAll} does, and would keep keys hot that nobody
 * else reads.
 *
 * <p>Each call asks Redis, for up to 300 ms per 5000 keys. No method throws because Redis is away: then it answers with
 * what this node has read most. The texts of keys are in Redis, apart from the entries. While nodes read the cache, a
 * text is removed about a day after its key was read last; when none reads it any more, they all expire seven days
 * after the last addition. Where keys are personal data, such as an address of e-mail, turn hot keys on only if they
 * may be kept so long.
 *
 * <p>Thread-safe.
 *
 * @param <K> the type of keys
 */
public interface HotKeys<K> {

    /** Returns how many keys are remembered at most; 0 if none are, as by default. */
    int maximum();

    /**
     * Returns the texts of keys, as they are in Redis; where the cache has a {@linkplain CacheBuilder#keyFormat key
     * format}, what that gave. Keys whose texts are longer than 512 bytes are left out, and so is what no such format
     * can have given.
     */
    List<String> texts();

    /**
     * Returns keys of a type, without those that are of another one or cannot be read back from their texts.
     *
     * @param keyType text, a number, Boolean, Character, an enum, UUID, a type of {@code java.time} that can parse its
     *     text, or a record of these, of records, and of lists, which does not contain records of its own type
     * @throws IllegalArgumentException if keys of this type cannot be read back
     * @throws IllegalStateException if the cache has a key format of its own, which only its own parser can undo
     */
    List<K> as(Class<K> keyType);

    /**
     * Returns keys of a type with arguments, such as {@code new TypeRef<List<Long>>() {}}.
     *
     * @throws IllegalArgumentException as {@link #as(Class)} does
     * @throws IllegalStateException as {@link #as(Class)} does
     */
    List<K> as(TypeRef<K> keyType);

    /**
     * Returns what a parser makes of the {@linkplain #texts texts}.
     *
     * @param parser returns the key of a text, or empty if it is none; what it throws is passed on
     */
    List<K> as(Function<? super String, ? extends Optional<? extends K>> parser);
}
