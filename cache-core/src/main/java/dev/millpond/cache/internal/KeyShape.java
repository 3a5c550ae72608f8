package dev.millpond.cache.internal;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the text of a key, or of a part of one, is read back; throws any exception where it is none. */
sealed interface KeyShape {

    /** Reads the text of a key. */
    @Nullable
    Object parse(String text);

    /** Reads the text of a part of a key, in which composite parts are in parentheses. */
    default @Nullable Object parsePart(String text) {
        return text.equals(KeyText.NULL_PART) ? null : parse(text);
    }

    /** Text, or what has a parser of its own. */
    record Simple(Function<String, Object> parser) implements KeyShape {

        @Override
        public Object parse(String text) {
            return parser.apply(KeyText.unescape(text));
        }
    }

    /** Something with parts. */
    sealed interface Composite extends KeyShape {

        @Nullable
        Object of(List<String> parts);

        @Override
        default @Nullable Object parse(String text) {
            return of(parts(text));
        }

        @Override
        default @Nullable Object parsePart(String text) {
            boolean nested = text.startsWith("(") && text.endsWith(")");
            return nested ? parse(text.substring(1, text.length() - 1)) : null;
        }

        private static List<String> parts(String text) {
            List<String> parts = new ArrayList<>();
            if (!text.equals(KeyText.NO_PARTS)) {
                int end = -1;
                for (int begin = 0; end < text.length(); begin = end + 1) {
                    end = endOfPart(text, begin);
                    parts.add(text.substring(begin, end));
                }
            }
            return parts;
        }

        private static int endOfPart(String text, int begin) {
            int depth = 0;
            int at = begin;
            while (at < text.length() && (depth > 0 || text.charAt(at) != ':')) {
                char c = text.charAt(at++);
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
            return at;
        }
    }

    /** A list. */
    record ListShape(KeyShape element) implements Composite {

        @Override
        public Object of(List<String> parts) {
            List<@Nullable Object> list = new ArrayList<>(parts.size());
            parts.forEach(part -> list.add(element.parsePart(part)));
            return Collections.unmodifiableList(list);
        }
    }

    /**
     * A record.
     *
     * @param components in the order of the constructor
     */
    record RecordShape(Constructor<?> constructor, List<KeyShape> components) implements Composite {

        @Override
        public Object of(List<String> parts) {
            if (parts.size() != components.size()) {
                throw new IllegalArgumentException("a record with another number of components");
            }
            @Nullable Object[] values = new Object[parts.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = components.get(i).parsePart(parts.get(i));
            }
            try {
                return constructor.newInstance(values);
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException("values that the record does not take", e);
            }
        }
    }
}
