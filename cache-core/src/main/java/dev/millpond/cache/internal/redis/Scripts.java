package dev.millpond.cache.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The Lua scripts, read once. */
final class Scripts {

    static final String GET_OR_LEASE = read("get-or-lease.lua");
    static final String PUT_IF = read("put-if.lua");
    static final String DROP_IF = read("drop-if.lua");
    static final String REPLACE_HEADER = read("replace-header.lua");
    static final String REPLACE_PREFIX = read("replace-prefix.lua");
    static final String INVALIDATE = read("invalidate.lua");
    static final String ADD_HOT_KEYS = read("add-hot-keys.lua");
    static final String POLL = read("poll.lua");

    private Scripts() {}

    private static String read(String name) {
        try (InputStream script = Scripts.class.getResourceAsStream("/dev/millpond/cache/" + name)) {
            if (script == null) {
                throw new IllegalStateException("The script " + name + " is missing from the millpond-cache-core jar.");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
