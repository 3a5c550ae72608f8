package dev.millpond.cache.internal;

import dev.millpond.cache.Tag;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The names under which entries are invalidated.
 *
 * <p>{@code k:cache:key} is one entry, {@code c:cache} all entries of a cache, {@code t:tag} all that carry a tag.
 * Every change in a cache also names {@code a:cache}, and every change of a tag {@code a}: an entry with too many
 * dependencies falls back on these, which invalidates it too often but never too rarely.
 */
final class Names {

    static final int MAXIMUM_PER_ENTRY = 64;

    /** How many names each entry has of its own, before all others: itself and its cache. */
    static final int OWN = 2;

    private static final int MAXIMUM_BYTES = 128;
    private static final String ANY_TAG = "a";

    private Names() {}

    static String entry(String cache, String key) {
        return shorten(prefixOfEntries(cache), key);
    }

    static String prefixOfEntries(String cache) {
        return "k:" + cache + ':';
    }

    static String cache(String cache) {
        return "c:" + cache;
    }

    static String tag(Tag tag) {
        return shorten("t:", KeyText.escape(tag.value()));
    }

    /** Tells whether a name is that of one tag, or of any, and not of an entry or a cache. */
    static boolean isOfTags(String name) {
        return isTag(name) || name.equals(ANY_TAG);
    }

    private static boolean isTag(String name) {
        return name.startsWith("t:");
    }

    /** The names that an invalidation of one entry records. */
    static List<String> changesOfEntry(String cache, String key) {
        return List.of(entry(cache, key), anyEntry(cache));
    }

    /**
     * The names that an invalidation of some entries records.
     *
     * <p>The name that they share is the last: they may be recorded in parts, and what is loaded between the parts from
     * an entry of a later one must be found out by that name too.
     */
    static List<String> changesOfEntries(String cache, Collection<String> keys) {
        return Stream.concat(keys.stream().map(key -> entry(cache, key)), Stream.of(anyEntry(cache)))
                .toList();
    }

    /** The names that an invalidation of a whole cache records. */
    static List<String> changesOfCache(String cache) {
        return List.of(cache(cache), anyEntry(cache));
    }

    /** The names that an invalidation of tags records. */
    static Set<String> changesOfTags(Tag... tags) {
        Set<String> names = new LinkedHashSet<>();
        for (Tag tag : tags) {
            names.add(tag(tag));
        }
        names.add(ANY_TAG);
        return names;
    }

    /** Returns the names themselves if they are few, else coarser ones that stand for them. */
    static Set<String> capped(Set<String> names) {
        if (names.size() <= MAXIMUM_PER_ENTRY) {
            return names;
        }
        Set<String> coarse = new LinkedHashSet<>();
        for (String name : names) {
            coarse.add(coarser(name));
        }
        return coarse;
    }

    private static String coarser(String name) {
        if (isTag(name)) {
            return ANY_TAG;
        }
        if (name.startsWith("k:")) {
            return anyEntry(name.substring(2, name.indexOf(':', 2)));
        }
        return name.startsWith("c:") ? anyEntry(name.substring(2)) : name;
    }

    private static String anyEntry(String cache) {
        return "a:" + cache;
    }

    /** Returns a name of two parts, the second as its digest if it would be too long otherwise. */
    static String shorten(String prefix, String rest) {
        String name = prefix + rest;
        return Utf8.fits(name, MAXIMUM_BYTES) ? name : prefix + '#' + Digests.of(rest);
    }
}
