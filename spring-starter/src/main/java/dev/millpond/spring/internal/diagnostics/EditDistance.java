package dev.millpond.spring.internal.diagnostics;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** How many characters must be added, removed or replaced to turn one text into another. */
public final class EditDistance {

    private EditDistance() {}

    /** Returns the candidate that is nearest to a text, or empty if there is no candidate. */
    public static Optional<String> nearest(String text, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt((String candidate) -> between(text, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    static int between(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
