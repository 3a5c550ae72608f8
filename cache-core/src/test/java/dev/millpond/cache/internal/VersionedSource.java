package dev.millpond.cache.internal;

import dev.millpond.cache.LoadContext;
import dev.millpond.cache.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A source with a version, whose loader answers "not modified" where it may. */
final class VersionedSource {

    static final Tag TAG = Tag.of("tag", 1);

    /** What the loader was told, load by load. */
    final List<Optional<String>> lastVersions = new ArrayList<>();

    String version = "v1";

    @Nullable
    String value = "one";

    int fullLoads;

    /** What happens between the look at the source and the answer. */
    Runnable meanwhile = () -> {};

    @Nullable
    String load(Object key, LoadContext load) {
        lastVersions.add(load.lastVersion());
        boolean same = load.lastVersion().equals(Optional.of(version));
        String read = value;
        String readVersion = version;
        meanwhile.run();
        if (same) {
            return load.notModified();
        }
        fullLoads++;
        load.version(readVersion).tag(TAG);
        return read == null ? null : new String(read);
    }

    /** Changes the value and its version. */
    void change(String newVersion, @Nullable String newValue) {
        version = newVersion;
        value = newValue;
    }

    /** Returns what the latest load was told. */
    Optional<String> told() {
        return lastVersions.get(lastVersions.size() - 1);
    }
}
