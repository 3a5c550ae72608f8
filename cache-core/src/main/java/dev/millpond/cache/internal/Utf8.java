package dev.millpond.cache.internal;

import java.nio.charset.StandardCharsets;

/** Text as bytes. */
final class Utf8 {

    private static final int MOST_BYTES_OF_A_CHAR = 3;

    private Utf8() {}

    /** Tells whether a text has at most so many bytes, without making them where its length already tells. */
    static boolean fits(String text, int maximumBytes) {
        return text.length() <= maximumBytes / MOST_BYTES_OF_A_CHAR
                || text.getBytes(StandardCharsets.UTF_8).length <= maximumBytes;
    }
}
