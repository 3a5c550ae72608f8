package dev.millpond.ratelimit;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What limits do to clients: nothing, count only, or deny; or deny a share of the clients while the others are counted
 * only.
 *
 * <p>Immutable. A client stays in or out of a share of the same size, on all nodes and after a restart, and who is in a
 * small share is in every larger one.
 *
 * @param kind what happens to the clients of the share; of the others, requests are {@link Kind#SHADOW}
 * @param percent how many of a hundred clients are in the share: 1 to 100 for {@link Kind#ENFORCE}, else 0
 */
public record RateLimitMode(Kind kind, int percent) {

    /** What happens to one request; the names are the metric tag values, in lower case. */
    public enum Kind {
        /** Nothing is counted, and all requests pass. */
        OFF,
        /** Requests are counted and decided, and all of them pass. */
        SHADOW,
        /** Requests are counted, and what is denied does not pass. */
        ENFORCE
    }

    /** Nothing is counted, and all requests pass; not even the tier of a client is looked up. */
    public static final RateLimitMode OFF = new RateLimitMode(Kind.OFF, 0);

    /** All requests are counted and decided, and all of them pass. */
    public static final RateLimitMode SHADOW = new RateLimitMode(Kind.SHADOW, 0);

    /** Denied requests do not pass; the default. */
    public static final RateLimitMode ENFORCE = new RateLimitMode(Kind.ENFORCE, 100);

    private static final int ALL = 100;
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3})\\s*%");
    private static final String FIX = " Use off, shadow, enforce, or a share of the clients such as 25%.";

    /**
     * Checks the share.
     *
     * @throws IllegalArgumentException if it is out of its range
     */
    public RateLimitMode {
        Objects.requireNonNull(kind, "Kind of a rate-limit mode is null. Use for example RateLimitMode.SHADOW.");
        boolean inRange = kind == Kind.ENFORCE ? percent >= 1 && percent <= ALL : percent == 0;
        if (!inRange) {
            throw new IllegalArgumentException("Rate-limit mode " + name(kind) + " has a share of " + percent
                    + " percent, must be " + (kind == Kind.ENFORCE ? "1 to 100" : "0") + ". Use for example"
                    + " RateLimitMode.enforceFor(25).");
        }
    }

    /**
     * Returns the mode that enforces limits for a share of the clients, and only counts the others.
     *
     * @param percent 0, which is {@link #SHADOW}, to 100, which is {@link #ENFORCE}
     * @throws IllegalArgumentException if it is out of this range
     */
    public static RateLimitMode enforceFor(int percent) {
        return percent == 0 ? SHADOW : new RateLimitMode(Kind.ENFORCE, percent);
    }

    /**
     * Reads a mode: {@code off}, {@code shadow}, {@code enforce}, or a share such as {@code 25%}.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    public static RateLimitMode parse(String text) {
        String mode = text.strip().toLowerCase(Locale.ROOT);
        Matcher share = SHARE.matcher(mode);
        if (share.matches() && Integer.parseInt(share.group(1)) <= ALL) {
            return enforceFor(Integer.parseInt(share.group(1)));
        }
        return switch (mode) {
            case "off" -> OFF;
            case "shadow" -> SHADOW;
            case "enforce" -> ENFORCE;
            default -> throw new IllegalArgumentException("Rate-limit mode '" + text + "' does not exist." + FIX);
        };
    }

    /**
     * Returns what happens to the requests of a client.
     *
     * @param digest what {@link RateLimiter#digestOf} says of the client
     */
    public Kind kindFor(String digest) {
        return kind != Kind.ENFORCE || Math.floorMod(digest.hashCode(), ALL) < percent ? kind : Kind.SHADOW;
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return kind == Kind.ENFORCE && percent < ALL ? percent + "%" : name(kind);
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
