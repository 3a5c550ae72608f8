package dev.millpond.cache.internal;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The readable text of keys, the same on all nodes and in all versions.
 *
 * <p>Simple keys are their text; records and lists are their parts, joined by colons, with nested ones in parentheses,
 * and colons and parentheses inside a part percent-encoded. So are braces, control characters, blanks, number and
 * percent signs, since Redis Cluster, the invalidation log or this class give them a meaning, and halves of characters,
 * which have no bytes of their own. A missing part is {@code %-}, an empty list {@code %.}: two keys of one shape never
 * have the same text. A text of more than 512 bytes is replaced by its digest.
 */
final class KeyText {

    private static final int MAXIMUM_BYTES = 512;

    static final String NULL_PART = "%-";
    static final String NO_PARTS = "%.";

    private static final char DIGEST = '#';

    private static final boolean[] SPECIAL = specialInAscii();

    private final String cache;
    private final boolean ownFormat;
    private final Function<Object, String> format;

    KeyText(String cache, @Nullable Function<Object, String> format) {
        this.cache = cache;
        this.ownFormat = format != null;
        this.format = format != null ? format.andThen(KeyText::escape) : this::textOf;
    }

    /**
     * Returns the text of a key.
     *
     * @throws IllegalArgumentException if the key's type has no stable text
     */
    String of(Object key) {
        String text = format.apply(key);
        return isTooLong(text) ? DIGEST + Digests.of(text) : text;
    }

    /** Tells whether no key has such a text. */
    static boolean isTooLong(String text) {
        return !Utf8.fits(text, MAXIMUM_BYTES);
    }

    String cache() {
        return cache;
    }

    /** Tells whether keys are written in another way than this class does by itself. */
    boolean isOwnFormat() {
        return ownFormat;
    }

    /** Tells whether a text stands for one that is too long. */
    static boolean isDigest(String text) {
        return !text.isEmpty() && text.charAt(0) == DIGEST;
    }

    /** Returns the text with all characters that have a meaning of their own percent-encoded. */
    static String escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (special(text.charAt(i))) {
                return escapeFrom(text, i);
            }
        }
        return text;
    }

    private static String escapeFrom(String text, int start) {
        StringBuilder escaped = new StringBuilder(text.length() + 8).append(text, 0, start);
        text.substring(start).codePoints().forEach(c -> {
            if (special(c)) {
                escaped.append(String.format("%%%02X", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    /** Returns the text that was escaped as a whole, or empty if none was. */
    static Optional<String> unescaped(String escaped) {
        try {
            return Optional.of(unescape(escaped)).filter(text -> escape(text).equals(escaped));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the text that was escaped, also where it was as a part of a key.
     *
     * @throws RuntimeException if it was not
     */
    static String unescape(String escaped) {
        if (escaped.indexOf('%') < 0) {
            return escaped;
        }
        StringBuilder text = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                int digits = isSurrogate(escaped, i + 1) ? 4 : 2;
                text.append((char) Integer.parseInt(escaped, i + 1, i + 1 + digits, 16));
                i += digits;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Halves of characters are from D800 to DFFF, and nothing else that is escaped begins with a D. */
    private static boolean isSurrogate(String escaped, int at) {
        return escaped.charAt(at) == 'D';
    }

    private static boolean special(int c) {
        return c < SPECIAL.length ? SPECIAL[c] : c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    /** Each key is looked through, so each character of ASCII has its answer ready. */
    private static boolean[] specialInAscii() {
        boolean[] special = new boolean[0x80];
        Arrays.fill(special, 0, ' ' + 1, true);
        for (char c : new char[] {'{', '}', '%', '#', 0x7f}) {
            special[c] = true;
        }
        return special;
    }

    private String textOf(Object key) {
        List<?> parts = parts(key);
        return parts != null ? joined(parts) : escape(simple(key));
    }

    private @Nullable List<?> parts(Object key) {
        if (key instanceof Record composite) {
            return components(composite);
        }
        return key instanceof List<?> list ? list : null;
    }

    private String joined(List<?> parts) {
        return parts.isEmpty() ? NO_PARTS : parts.stream().map(this::part).collect(Collectors.joining(":"));
    }

    private String part(@Nullable Object part) {
        if (part == null) {
            return NULL_PART;
        }
        List<?> nested = parts(part);
        return nested != null
                ? '(' + joined(nested) + ')'
                : escape(simple(part)).replace(":", "%3A").replace("(", "%28").replace(")", "%29");
    }

    private String simple(Object key) {
        boolean stable = key instanceof CharSequence
                || key instanceof Number
                || key instanceof Boolean
                || key instanceof Character
                || key instanceof UUID
                || key instanceof TemporalAccessor;
        if (stable) {
            return key.toString();
        }
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        throw new IllegalArgumentException("Cache '" + cache + "' was given a key of " + key.getClass()
                + ", which has no stable text. Use text, numbers, enums, UUIDs, dates, or records and lists of these, or"
                + " set keyFormat(...).");
    }

    private List<?> components(Record key) {
        return Arrays.stream(key.getClass().getRecordComponents())
                .map(component -> read(component, key))
                .toList();
    }

    private Object read(RecordComponent component, Record key) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(key);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    "Cache '" + cache + "' cannot read component '" + component.getName() + "' of a key of "
                            + key.getClass() + ". Open its package to dev.millpond.cache, or set keyFormat(...).",
                    e);
        }
    }
}
