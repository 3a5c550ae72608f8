package dev.millpond.cache.internal;

import dev.millpond.cache.TypeRef;
import dev.millpond.cache.internal.HeaderFormat.Header;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The entries whose stored form is kept in golden files, and the format that reads them. */
final class Payloads {

    static final int SCHEMA_VERSION = 7;
    static final Map<String, Object> VALUE = Map.of("points", 42);
    static final Map<String, Object> LARGE_VALUE = Map.of("text", "standings ".repeat(1_000));
    static final Header PLAIN = header(List.of());
    static final Header NAMES = header(List.of("t:league:39", "k:teams:M\u00fcnchen", "a"));

    /** The same with a version of the source. */
    static final Header VERSIONED = new Header(
            NAMES.createdAtMillis(),
            NAMES.freshMillis(),
            NAMES.storedMillis(),
            NAMES.sequence(),
            NAMES.epoch(),
            NAMES.names(),
            "W/\"\u00fc-7\"");

    /** Ten minutes and ten seconds after the entry was made. */
    static final long REFRESHED_UNTIL_MILLIS = 1_767_225_610_000L + 600_000;

    private Payloads() {}

    static EntryFormat<Map<String, Object>> format() {
        return format(1, SCHEMA_VERSION);
    }

    static EntryFormat<Map<String, Object>> format(int codec, int schemaVersion) {
        return new EntryFormat<>(
                new JsonCodec().forType(new TypeRef<Map<String, Object>>() {}.type()), codec, schemaVersion);
    }

    static Token.Source tokens() {
        return new Token.Source(0x0123_4567_89ab_cdefL);
    }

    static Token token() {
        return tokens().next();
    }

    static byte[] plain() throws IOException {
        return written(PLAIN, VALUE);
    }

    static byte[] absent() throws IOException {
        return written(PLAIN, null);
    }

    static byte[] names() throws IOException {
        return written(NAMES, VALUE);
    }

    static byte[] compressed() throws IOException {
        return written(PLAIN, LARGE_VALUE);
    }

    static byte[] versioned() throws IOException {
        return written(VERSIONED, VALUE);
    }

    static byte[] versionedAbsent() throws IOException {
        return written(VERSIONED, null);
    }

    static byte[] versionedCompressed() throws IOException {
        return written(VERSIONED, LARGE_VALUE);
    }

    /** The plain entry while a node loads it anew. */
    static byte[] refreshed() throws IOException {
        byte[] entry = plain();
        byte[] prefix = tokens().refresh(REFRESHED_UNTIL_MILLIS);
        System.arraycopy(prefix, 0, entry, 0, prefix.length);
        return entry;
    }

    private static byte[] written(Header header, @Nullable Map<String, Object> value) throws IOException {
        return format().write(token(), header, value);
    }

    /** An entry of the first second of 2026, fresh for 5 and kept for 10 minutes, after 258 invalidations. */
    private static Header header(List<String> names) {
        return new Header(1_767_225_600_000L, 300_000, 600_000, 258, "9f3c2a", names, null);
    }
}
