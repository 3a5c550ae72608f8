package dev.millpond.spring.internal.diagnostics;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the configuration names against what the application has.
 *
 * @param unknown what is named and not there, in order
 * @param known what is there, in order
 */
record NameCheck(List<String> unknown, List<String> known) {

    /** Compares the names in the configuration with those in the application. */
    static NameCheck of(Collection<String> configured, Stream<String> present) {
        List<String> known = present.sorted().toList();
        List<String> unknown = configured.stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .toList();
        return new NameCheck(unknown, known);
    }

    /** Returns what to write for the first unknown name, or another text if nothing is known. */
    String fixOr(String other) {
        String first = unknown.get(0);
        return EditDistance.nearest(first, known)
                .map(name -> " Use '" + name + "' for '" + first + "', or remove it.")
                .orElse(other);
    }
}
