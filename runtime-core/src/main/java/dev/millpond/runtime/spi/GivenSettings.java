package dev.millpond.runtime.spi;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings that a builder has been given, each of which may be given once.
 *
 * <p>Not thread-safe, like the builders that it serves.
 */
public final class GivenSettings {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final String owner;
    private final Set<String> given = new HashSet<>();

    /**
     * Creates a set without settings.
     *
     * @param owner what is built, for messages; for example {@code Cache 'standings'}
     */
    public GivenSettings(String owner) {
        this.owner = owner;
    }

    /**
     * Notes a setting and returns its value.
     *
     * @param setting the name of the setting, for messages
     * @throws IllegalStateException if this setting was noted before
     * @throws NullPointerException if the value is null
     */
    public <T> T once(String setting, T value) {
        notNull(setting, value);
        if (!given.add(setting)) {
            throw new IllegalStateException(owner + ": " + setting + " was set twice. Set it once.");
        }
        return value;
    }

    /**
     * Returns the value of a setting that is checked before it is noted, or may be given several times.
     *
     * @param setting the name of the setting, for messages
     * @throws NullPointerException if the value is null
     */
    public <T> T notNull(String setting, T value) {
        return notNull(setting, value, "Leave it out for its default.");
    }

    /**
     * Returns the value of a setting that has no default.
     *
     * @param setting the name of the setting, for messages
     * @param fix what to do instead, as the last sentence of the message
     * @throws NullPointerException if the value is null
     */
    public <T> T notNull(String setting, T value, String fix) {
        return Objects.requireNonNull(value, () -> owner + ": " + setting + " is null. " + fix);
    }

    /** Tells whether a setting was given. */
    public boolean has(String setting) {
        return given.contains(setting);
    }

    /**
     * Returns a name if it can be a part of a key in Redis.
     *
     * @param what what the name is of, for the message
     * @throws IllegalArgumentException if it is not 1 to 64 letters, digits, dots, hyphens or underscores
     */
    public static String name(String what, String value) {
        Objects.requireNonNull(value, () -> what + " is null. Choose a name such as 'standings'.");
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " is '" + value
                    + "', must be 1 to 64 letters, digits, dots, hyphens or underscores. Choose a name such as"
                    + " 'standings'.");
        }
        return value;
    }
}
