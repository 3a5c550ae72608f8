package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.runtime.SwitchMode;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * What the switch of one cache allows at the moment; thread-safe.
 *
 * @param mode how far the cache is on
 */
record CacheSwitch(Supplier<SwitchMode> mode, KeyText keyText) {

    /** Tells whether the cache is on for a key. */
    boolean usesKey(Object key) {
        SwitchMode now = mode.get();
        return now.coversAll() || (!now.isOff() && now.covers(hash(keyText.of(key))));
    }

    /** Tells whether the cache is on for the key of a read. */
    boolean uses(Request<?> request) {
        return uses(mode.get(), request);
    }

    private static boolean uses(SwitchMode now, Request<?> request) {
        return now.coversAll() || now.covers(hash(request.text()));
    }

    /** Tells whether anything may be kept under a key. */
    boolean keepsKey(Object key) {
        return !mode.get().readOnly() && usesKey(key);
    }

    /** Tells whether Redis may answer for the key of a read. */
    boolean asksRedis(Request<?> request) {
        SwitchMode now = mode.get();
        return !now.localOnly() && uses(now, request);
    }

    /** Tells whether Redis may keep anything under the key of a read. */
    boolean storesInRedis(Request<?> request) {
        SwitchMode now = mode.get();
        return !now.localOnly() && !now.readOnly() && uses(now, request);
    }

    /** The same on all nodes, and spread evenly also over keys that are numbers in a row. */
    private static int hash(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(UTF_8));
        return (int) crc.getValue();
    }
}
