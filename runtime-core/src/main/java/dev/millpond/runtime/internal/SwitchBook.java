package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchSetting;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was set at run time and is stored together; immutable.
 *
 * @param version grows with each change; 0 if nothing was changed
 * @param settings by what they are about
 * @param unknown lines of a later version of this library, which must not get lost
 */
record SwitchBook(long version, Map<SwitchKey, SwitchSetting> settings, List<String> unknown) {

    /** Owner of what holds for all nodes. */
    static final String FLEET = "fleet";

    static final SwitchBook EMPTY = new SwitchBook(0, Map.of(), List.of());

    /** Names of caches come from outside, and each node reads all of it. */
    static final int MOST_SETTINGS = 1_000;

    SwitchBook {
        settings = Map.copyOf(settings);
        unknown = List.copyOf(unknown);
    }

    /** Returns the owner of what holds for one node. */
    static String node(String name) {
        return "node:" + name;
    }

    @Nullable
    SwitchSetting get(String owner, Switch which) {
        return settings.get(new SwitchKey(owner, which));
    }

    /** Returns what is set; empty also if it was taken back. */
    Optional<SwitchMode> mode(String owner, Switch which) {
        return Optional.ofNullable(get(owner, which)).flatMap(SwitchSetting::mode);
    }

    /**
     * Returns this with one more setting; if there are too many, without those that were taken back first.
     *
     * @throws IllegalArgumentException if there are too many all the same, which the general switches of the fleet
     *     never are
     */
    SwitchBook with(String owner, Switch which, SwitchSetting setting, Instant now) {
        Map<SwitchKey, SwitchSetting> changed = new HashMap<>(settings);
        SwitchKey key = new SwitchKey(owner, which);
        changed.put(key, setting);
        SwitchRoom room = SwitchRoom.of(key);
        if (!room.make(changed)) {
            throw new IllegalArgumentException("Switch '" + which + "' was not set: " + MOST_SETTINGS + " "
                    + room.subject() + " already, which is the most. " + room.fix());
        }
        return next(changed, now);
    }

    /** Returns this without a setting. */
    SwitchBook without(String owner, Switch which, Instant now) {
        Map<SwitchKey, SwitchSetting> changed = new HashMap<>(settings);
        return changed.remove(new SwitchKey(owner, which)) == null ? this : next(changed, now);
    }

    private SwitchBook next(Map<SwitchKey, SwitchSetting> changed, Instant now) {
        return new SwitchBook(Math.max(version + 1, now.toEpochMilli()), changed, unknown);
    }
}
