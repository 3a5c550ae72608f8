package dev.millpond.benchmarks.measure;

import java.util.Map;
import java.util.TreeSet;

/** Finds what a parameter of a benchmark names. */
public final class Names {

    private Names() {}

    /**
     * Returns what has a name.
     *
     * @throws IllegalArgumentException if nothing has it
     */
    public static <T> T find(Map<String, T> all, String name) {
        T found = all.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "Nothing is named '" + name + "' here. Use one of " + new TreeSet<>(all.keySet()) + ".");
        }
        return found;
    }
}
