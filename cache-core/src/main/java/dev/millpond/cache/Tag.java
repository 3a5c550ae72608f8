package dev.millpond.cache;

import java.util.Objects;

/**
 * A label of cache entries by which they can be invalidated together, in all caches of a registry; immutable.
 *
 * @param value the whole label, for example {@code team:39}; not empty
 */
public record Tag(String value) {

    /**
     * Checks that there is a label.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public Tag {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("Tag '' is empty. Give it a value such as 'team:39'.");
        }
    }

    /** Returns the tag {@code name:value}, for example {@code Tag.of("team", 39)}. */
    public static Tag of(String name, Object value) {
        return new Tag(name + ':' + value);
    }
}
