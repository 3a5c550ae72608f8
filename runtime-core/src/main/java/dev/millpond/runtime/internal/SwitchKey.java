package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import java.util.Comparator;

/**
 * What a setting is about, in the order of its text.
 *
 * @param owner {@link SwitchBook#FLEET}, or {@linkplain SwitchBook#node one node}
 */
record SwitchKey(String owner, Switch which) implements Comparable<SwitchKey> {

    @Override
    public int compareTo(SwitchKey other) {
        return Comparator.comparing(SwitchKey::toString).compare(this, other);
    }

    /** Returns both with a blank between, as they are stored. */
    @Override
    public String toString() {
        return owner + " " + which;
    }
}
