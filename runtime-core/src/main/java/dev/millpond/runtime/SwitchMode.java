package dev.millpond.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far something is on; immutable.
 *
 * <p>A key stays in or out of a share of the same size, on all nodes and after a restart, and what is in a small share
 * is in every larger one.
 *
 * @param percent for how many of a hundred keys a cache is on; 0 if it is off, whatever else is said
 * @param readOnly whether a cache answers with what it has and keeps nothing more
 * @param localOnly whether a cache works without what is in Redis
 */
public record SwitchMode(int percent, boolean readOnly, boolean localOnly) {

    /** Everything works. */
    public static final SwitchMode ON = new SwitchMode(100, false, false);

    /** Nothing works: a cache calls its loader each time and keeps nothing, and limits let everybody pass. */
    public static final SwitchMode OFF = new SwitchMode(0, false, false);

    /** A cache answers with what it has; what it has not is loaded, and not kept anywhere. */
    public static final SwitchMode READ_ONLY = new SwitchMode(100, true, false);

    /** A cache works with what this process has; invalidations of other nodes still count. */
    public static final SwitchMode LOCAL_ONLY = new SwitchMode(100, false, true);

    private static final int ALL = 100;
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3})%");
    private static final String FIX = " Use on, off, a share such as 25%, read-only or local-only.";

    /**
     * Checks the share.
     *
     * @throws IllegalArgumentException if it is not 0 to 100
     */
    public SwitchMode {
        if (percent < 0 || percent > ALL) {
            throw new IllegalArgumentException(
                    "Mode of a switch has a share of " + percent + " percent, must be 0 to 100." + FIX);
        }
        readOnly = readOnly && percent > 0;
        localOnly = localOnly && percent > 0;
    }

    /** Returns {@link #ON} or {@link #OFF}. */
    public static SwitchMode of(boolean enabled) {
        return enabled ? ON : OFF;
    }

    /**
     * Returns the mode in which a cache is on for a share of its keys, and off for the others.
     *
     * @param percent 0, which is {@link #OFF}, to 100, which is {@link #ON}
     * @throws IllegalArgumentException if it is out of this range
     */
    public static SwitchMode share(int percent) {
        return new SwitchMode(percent, false, false);
    }

    /**
     * Reads a mode: {@code on}, {@code off}, {@code bypass}, which is off, a share such as {@code 25%},
     * {@code read-only}, {@code local-only}, or several of them with commas between, which all count.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    public static SwitchMode parse(String text) {
        SwitchMode mode = ON;
        for (String word : text.strip().toLowerCase(Locale.ROOT).split("\\s*,\\s*", -1)) {
            mode = mode.and(ofWord(word, text));
        }
        return mode;
    }

    private static SwitchMode ofWord(String word, String text) {
        Matcher share = SHARE.matcher(word);
        if (share.matches() && Integer.parseInt(share.group(1)) <= ALL) {
            return share(Integer.parseInt(share.group(1)));
        }
        return switch (word) {
            case "on" -> ON;
            case "off", "bypass" -> OFF;
            case "read-only" -> READ_ONLY;
            case "local-only" -> LOCAL_ONLY;
            default -> throw new IllegalArgumentException("Mode '" + text + "' of a switch does not exist." + FIX);
        };
    }

    /** Returns what both allow. */
    public SwitchMode and(SwitchMode other) {
        return new SwitchMode(
                Math.min(percent, other.percent), readOnly || other.readOnly, localOnly || other.localOnly);
    }

    /** Tells whether nothing works. */
    public boolean isOff() {
        return percent == 0;
    }

    /** Tells whether everything works. */
    public boolean isOn() {
        return coversAll() && !readOnly && !localOnly;
    }

    /** Tells whether no key is left out. */
    public boolean coversAll() {
        return percent == ALL;
    }

    /**
     * Tells whether a key is in the share.
     *
     * @param hash of the key, the same on all nodes and well spread
     */
    public boolean covers(int hash) {
        return Math.floorMod(hash, ALL) < percent;
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        if (percent > 0 && percent < ALL) {
            words.add(percent + "%");
        }
        if (readOnly) {
            words.add("read-only");
        }
        if (localOnly) {
            words.add("local-only");
        }
        return words.isEmpty() ? isOff() ? "off" : "on" : String.join(",", words);
    }
}
