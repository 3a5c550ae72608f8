package dev.millpond.cache.internal;

import java.lang.reflect.Type;
import java.util.Optional;

/**
 * Reads keys of one type back from their {@linkplain KeyText texts}.
 *
 * @param <K> the type of keys
 */
final class KeyParser<K> {

    private final KeyText keyText;
    private final KeyShape shape;

    private KeyParser(KeyText keyText, KeyShape shape) {
        this.keyText = keyText;
        this.shape = shape;
    }

    /**
     * Returns the parser of a type.
     *
     * @throws IllegalArgumentException if there is none
     * @throws IllegalStateException if the cache has a key format of its own
     */
    static <K> KeyParser<K> of(KeyText keyText, Type type) {
        if (keyText.isOwnFormat()) {
            throw new IllegalStateException("Cache '" + keyText.cache()
                    + "' has a keyFormat of its own, which only its own parser can undo. Use hotKeys().as(parser).");
        }
        return new KeyParser<>(keyText, new KeyShapes(keyText.cache()).of(type));
    }

    /** Returns the key that has a text, or empty if no key of the type has it. */
    @SuppressWarnings("unchecked") // The shape was made from the type.
    Optional<K> parse(String text) {
        try {
            Object key = shape.parse(text);
            // Parsers are lenient: they may take what is the text of another key.
            return key != null && keyText.of(key).equals(text) ? Optional.of((K) key) : Optional.empty();
        } catch (RuntimeException e) { // whatever a parser, or a constructor, says of a text that is none of its own
            return Optional.empty();
        }
    }
}
