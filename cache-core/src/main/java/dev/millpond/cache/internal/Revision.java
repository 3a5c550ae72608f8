package dev.millpond.cache.internal;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What one load is told of the version of last time, and says about its own; not thread-safe. */
final class Revision {

    private final String cache;
    private @Nullable Entry<?> last;
    private @Nullable String given;
    private boolean lastTaken;
    private boolean notModified;

    /**
     * Creates the revision of a load.
     *
     * @param cache the name of the cache that loads
     */
    Revision(String cache) {
        this.cache = cache;
    }

    /** Tells what the cache still has. */
    void follow(@Nullable Entry<?> entry) {
        last = entry;
    }

    /** Returns the version of what the cache still has, or null. */
    @Nullable
    String last() {
        SourceVersion version = last == null ? null : last.version();
        return version == null ? null : version.text();
    }

    /** Takes the version of what is being loaded. */
    void give(String version) {
        int bytes = bytesOf(version);
        if (bytes < 1 || bytes > HeaderFormat.MAXIMUM_VERSION_BYTES) {
            throw new IllegalArgumentException("Version given by the loader of cache '" + cache + "' has " + bytes
                    + " bytes of UTF-8, must have from 1 to " + HeaderFormat.MAXIMUM_VERSION_BYTES
                    + ". Give a digest of a longer one.");
        }
        given = version;
    }

    private int bytesOf(String version) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(version))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "Version given by the loader of cache '" + cache
                            + "' has half of a surrogate pair, which UTF-8 cannot write. Give a text such as an ETag.",
                    e);
        }
    }

    /**
     * Returns what the cache still has, which is to be what the loader returns.
     *
     * @throws IllegalStateException if that is nothing
     */
    Entry<?> takeLast() {
        if (last == null || last.version() == null) {
            throw new IllegalStateException("The loader of cache '" + cache
                    + "' answered notModified(), but there is no value with a version that this could mean. Call it only if"
                    + " lastVersion() is present.");
        }
        lastTaken = true;
        return last;
    }

    /** Returns the version of what the loader has returned, or null if it gave none. */
    @Nullable
    SourceVersion of(@Nullable Object returned) {
        SourceVersion before = last == null ? null : last.version();
        notModified = lastTaken && before != null && isLast(returned);
        if (before == null || !notModified) {
            return given == null ? null : new SourceVersion(given, null);
        }
        return given == null ? before : new SourceVersion(given, before.payload());
    }

    /** A loader may make something else of the value of last time. */
    @SuppressWarnings("ReferenceEquality") // Another object may be another value, whatever its equals(..) says.
    private boolean isLast(@Nullable Object returned) {
        return last != null && last.value() == returned;
    }

    /** Tells whether the loader has returned what the cache still had. */
    boolean isNotModified() {
        return notModified;
    }
}
