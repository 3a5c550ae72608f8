package dev.millpond.cache.internal;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The second level of one cache, as the read path sees it; never throws because Redis is away.
 *
 * @param <V> the type of values
 */
interface RemoteTier<V> {

    /** Looks a key up, with one plain GET. */
    Found<V> lookup(Request<?> request);

    /** Looks many keys up in one round trip per node; the answers are in the same order. */
    List<Found<V>> lookupAll(List<? extends Request<?>> requests);

    /** Returns what is there, for its names alone, also while it may not answer. */
    default Found<V> known(Request<?> request) {
        return lookup(request);
    }

    /**
     * Obtains the right to load and store a key for which nothing usable was found, waiting while somebody else has it.
     *
     * @return never {@link Found.Kind#NOTHING}, {@link Found.Kind#INVALID} or {@link Found.Kind#LEASED_ELSEWHERE}
     */
    Found<V> lease(Request<?> request, Found<V> found);

    /** Tells whether another node loads a fresh entry anew. */
    boolean isRefreshedElsewhere(Found<V> hit);

    /** Obtains the right to load and store many keys in one round trip per node, without waiting for anybody else. */
    List<Found<V>> leaseAll(List<? extends Request<?>> requests, List<Found<V>> found);

    /** Stores a loaded entry, if what {@link #lease} left is still there. */
    Outcome store(Request<?> request, Found<V> lease, Entry<V> entry);

    /** Stores many loaded entries in one round trip per node; the answers are in the same order. */
    List<Outcome> storeAll(List<? extends Request<?>> requests, List<Found<V>> leases, List<Entry<V>> entries);

    /** Gives the right to load back without waiting, so that others need not wait for it to expire. */
    void release(Request<?> request, Found<V> lease);

    /** Gives the right to load many keys back in one round trip per node, without waiting. */
    void releaseAll(List<? extends Request<?>> requests, List<Found<V>> leases);

    /** Gives rights to load back without waiting, and removes what was to be replaced. */
    void discardAll(List<? extends Request<?>> requests, List<Found<V>> leases);

    /** Stores an entry, whatever is there. */
    void put(Request<?> request, Entry<V> entry);

    /**
     * Stores entries, whatever is there, in one round trip per node and part, and removes keys whose entry is null.
     *
     * @return whether nothing is left of what was there before
     */
    boolean putAll(List<? extends Request<?>> requests, List<@Nullable Entry<V>> entries);

    /** Removes keys, given by their texts; the stage completes when they are gone, or Redis is found to be away. */
    CompletionStage<?> remove(Collection<String> keyTexts);

    /** What became of a loaded entry. */
    enum Outcome {
        /** Redis has it. */
        STORED,
        /** It was invalidated meanwhile, or came too late: nobody may keep it. */
        REJECTED,
        /** Redis could not take it; this process may keep it. */
        LOCAL_ONLY
    }
}
