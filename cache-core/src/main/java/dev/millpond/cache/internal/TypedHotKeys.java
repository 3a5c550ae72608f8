package dev.millpond.cache.internal;

import dev.millpond.cache.HotKeys;
import dev.millpond.cache.TypeRef;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The keys of texts.
 *
 * @param maximum how many are stored at most
 * @param stored returns the texts as they are in Redis
 * @param <K> the type of keys
 */
record TypedHotKeys<K>(KeyText keyText, int maximum, Supplier<List<String>> stored) implements HotKeys<K> {

    @Override
    public List<String> texts() {
        return keyText.isOwnFormat()
                ? usable().flatMap(text -> KeyText.unescaped(text).stream()).toList()
                : usable().toList();
    }

    /** Others may have written to Redis what no key has as its text. */
    private Stream<String> usable() {
        return stored.get().stream().filter(text -> !KeyText.isTooLong(text));
    }

    @Override
    public List<K> as(Class<K> keyType) {
        return parsed(keyType);
    }

    @Override
    public List<K> as(TypeRef<K> keyType) {
        return parsed(keyType.type());
    }

    @Override
    public List<K> as(Function<? super String, ? extends Optional<? extends K>> parser) {
        return texts().stream().<K>flatMap(text -> parser.apply(text).stream()).toList();
    }

    private List<K> parsed(Type keyType) {
        KeyParser<K> parser = KeyParser.of(keyText, keyType);
        return usable().flatMap(text -> parser.parse(text).stream()).toList();
    }
}
