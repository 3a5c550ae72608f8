package dev.millpond.cache.internal;

/**
 * The names that each entry of one cache has of its own, made of parts that are the same for all of them.
 *
 * @param prefix what the names of entries begin with
 * @param ofCache the name of the cache
 */
record OwnNames(String prefix, String ofCache) {

    static OwnNames of(String cache) {
        return new OwnNames(Names.prefixOfEntries(cache), Names.cache(cache));
    }

    /** Returns the names of an entry: its own and that of its cache. */
    String[] ofEntry(String key) {
        return new String[] {Names.shorten(prefix, key), ofCache};
    }
}
