package dev.millpond.runtime.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The digests by which Redis knows scripts that it has; of a program's scripts, which are few. Thread-safe. */
final class ScriptDigests {

    private static final ConcurrentMap<String, String> KNOWN = new ConcurrentHashMap<>();

    private ScriptDigests() {}

    static String of(String script) {
        String digest = KNOWN.get(script);
        return digest != null ? digest : KNOWN.computeIfAbsent(script, ScriptDigests::compute);
    }

    private static String compute(String script) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(script.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }
}
