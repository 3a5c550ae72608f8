package dev.millpond.runtime.spi;

import java.util.regex.Pattern;

/** What names may be that health reports show. */
final class Names {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]{1,64}");

    private Names() {}

    static void require(String kind, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Health " + kind + ": name is '" + name
                    + "', must be 1 to 64 letters and digits. Choose one such as 'database'.");
        }
    }
}
