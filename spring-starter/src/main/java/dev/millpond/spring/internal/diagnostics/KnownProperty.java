package dev.millpond.spring.internal.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The name of a property that exists.
 *
 * @param segments what stands between the dots; {@link #ANY} where users choose a name
 * @param list whether its values can be numbered
 */
record KnownProperty(List<String> segments, boolean list) {

    /** Stands for a name of the user's choice. */
    static final String ANY = "<name>";

    /** Stands for a place in a list. */
    static final String INDEX = "[<n>]";

    boolean isWrittenAs(ConfigurationPropertyName name) {
        int length = name.getNumberOfElements();
        boolean numbered = list && length == segments.size() + 1 && name.isNumericIndex(length - 1);
        if (length != segments.size() && !numbered) {
            return false;
        }
        return beginsAs(name, segments.size());
    }

    /** Tells whether a name is that of a group which this property is in. */
    boolean isBelow(ConfigurationPropertyName group) {
        int length = group.getNumberOfElements();
        return length < segments.size() && beginsAs(group, length);
    }

    private boolean beginsAs(ConfigurationPropertyName name, int length) {
        return IntStream.range(0, length).allMatch(segment -> isWrittenAs(segment, name));
    }

    private boolean isWrittenAs(int segment, ConfigurationPropertyName name) {
        return switch (segments.get(segment)) {
            case ANY -> true;
            case INDEX -> name.isNumericIndex(segment);
            default -> squash(segments.get(segment)).equals(name.getElement(segment, Form.UNIFORM));
        };
    }

    /** Underscores are dots, hyphens, or a part of a name of the user's choice: where they are does not matter. */
    boolean isWrittenAs(String variable) {
        String pattern =
                segments.stream().map(KnownProperty::pattern).collect(Collectors.joining("", "", list ? "\\d*" : ""));
        return Pattern.matches(pattern, squash(variable));
    }

    private static String pattern(String segment) {
        return switch (segment) {
            case ANY -> ".+";
            case INDEX -> "\\d+";
            default -> squash(segment);
        };
    }

    /** Returns the name with names of the user's choice taken from the same places of what was given. */
    String filledFrom(List<String> given) {
        List<String> filled = new ArrayList<>(segments);
        for (int i = 0; i < filled.size(); i++) {
            if (isAny(i) && i < given.size()) {
                filled.set(i, given.get(i));
            }
        }
        return String.join(".", filled).replace(".[", "[");
    }

    /** Tells whether the last part of a name is made of the first letters of this one's, as {@code ttl} is. */
    boolean isAbbreviatedAs(String lastSegment) {
        String initials = Pattern.compile("-?(\\w)\\w*").matcher(last()).replaceAll("$1");
        return initials.length() > 1 && initials.equalsIgnoreCase(lastSegment);
    }

    private String last() {
        return segments.get(segments.size() - 1);
    }

    private boolean isAny(int index) {
        return segments.get(index).equals(ANY) || segments.get(index).equals(INDEX);
    }

    static String squash(String text) {
        return text.replaceAll("[-_.]", "").toLowerCase(Locale.ROOT);
    }
}
