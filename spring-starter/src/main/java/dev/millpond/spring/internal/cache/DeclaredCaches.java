package dev.millpond.spring.internal.cache;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The caches that annotated methods name, and what type of values they use them for. */
final class DeclaredCaches {

    private final Set<String> names = new TreeSet<>();
    private final Map<String, ValueType> readers = new TreeMap<>();
    private final Map<String, ValueType> writers = new TreeMap<>();

    Set<String> names() {
        return names;
    }

    /** Returns the type of the values of a cache; empty if no method says it. */
    Optional<ValueType> typeOf(String name) {
        return Optional.ofNullable(readers.getOrDefault(name, writers.get(name)));
    }

    void addName(String name) {
        names.add(name);
    }

    /**
     * Adds a method that takes values out of a cache.
     *
     * @throws InvalidCachingException if another method uses the cache with another type
     */
    void addReader(String name, ValueType reader) {
        ValueType other = readers.putIfAbsent(name, reader);
        if (other != null && !other.sameAs(reader)) {
            throw InvalidCachingException.conflictingTypes(name, other, reader);
        }
        check(name);
    }

    /**
     * Adds a method that puts values into a cache.
     *
     * @throws InvalidCachingException if another method uses the cache with another type
     */
    void addWriter(String name, ValueType writer) {
        ValueType other = writers.putIfAbsent(name, writer);
        if (other != null && !other.sameAs(writer)) {
            throw InvalidCachingException.conflictingTypes(name, other, writer);
        }
        check(name);
    }

    private void check(String name) {
        ValueType reader = readers.get(name);
        ValueType writer = writers.get(name);
        if (reader != null && writer != null && !reader.accepts(writer)) {
            throw InvalidCachingException.conflictingTypes(name, reader, writer);
        }
    }
}
