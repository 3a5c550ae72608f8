package dev.millpond.cache.internal;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.Found.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * One load of keys that nobody has asked for, which counts neither as hits nor as misses.
 *
 * <p>Keys that somebody else is loading are left to them, and those alone whose loads have just failed. Who joins a
 * load and does not get a value from it reads for himself. Not thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class BackgroundLoad<K, V> {

    private final CacheParts<K, V> parts;
    private final RemoteTier<V> remote;
    private final boolean anew;
    private final BulkAnswers<K, V> answers;
    private final BulkLoad<K, V> load;
    private int failedBefore;

    /**
     * Creates it.
     *
     * @param anew whether to load also what is fresh
     * @param failed is told of each key that failed and has nothing to answer
     */
    BackgroundLoad(
            TieredCache<K, V> cache, ManyLoader<K, V> loader, boolean anew, BiConsumer<K, RuntimeException> failed) {
        this.parts = cache.parts;
        this.remote = cache.remote;
        this.anew = anew;
        this.answers = new BulkAnswers<>(cache.parts, failed, false);
        this.load = new BulkLoad<>(cache, anew ? loader.anew() : loader, answers);
    }

    /**
     * Loads keys, and returns how many have a new value.
     *
     * @param known what Redis had of them some time ago, if it was asked
     * @param permit for all these loads
     */
    long load(Collection<K> keys, Map<K, Found<V>> known, Permit permit) {
        List<Request<K>> wanted = keys.stream()
                .filter(parts.allowed()::keepsKey)
                .filter(key -> anew || !parts.local().isFresh(key))
                .map(parts::requestFor)
                .filter(this::hasNotFailed)
                .toList();
        answers.orFail(wanted, () -> load(wanted, known, permit));
        return answers.all().stream()
                .filter(each -> each.source() == Source.LOADER)
                .count();
    }

    private void load(List<Request<K>> wanted, Map<K, Found<V>> known, Permit permit) {
        List<Request<K>> mine = wanted.stream().filter(answers::leadAhead).toList();
        List<Found<V>> found = found(mine, known).stream().map(this::asWanted).toList();
        var unused = load.loadLeased(mine, remote.leaseAll(mine, found), permit);
    }

    /** Asks for leases at once where there was nothing: these are answered by what is there then, like a look-up. */
    private List<Found<V>> found(List<Request<K>> mine, Map<K, Found<V>> known) {
        List<Found<V>> found = new ArrayList<>();
        for (Request<K> request : mine) {
            Found<V> each = known.get(request.key());
            if (each == null || each.kind() != Kind.NOTHING || !sparesLookUp()) {
                return remote.lookupAll(mine);
            }
            found.add(each);
        }
        return found;
    }

    /** A strict cache asks the log with each look-up, and a node that has lost sight of the log takes nothing. */
    private boolean sparesLookUp() {
        TagTable table = parts.registry().table();
        return parts.settings().consistency() != Consistency.STRICT && table.trusted(table.now());
    }

    private Found<V> asWanted(Found<V> found) {
        return anew && found.isHit() && !remote.isRefreshedElsewhere(found) ? found.asReplaceable() : found;
    }

    private boolean hasNotFailed(Request<K> request) {
        boolean hasFailed = parts.failures().isRecent(request);
        if (hasFailed) {
            failedBefore++;
        }
        return !hasFailed;
    }

    /** Returns how many keys have no new value because a load failed, now or a short time ago. */
    int failedLoads() {
        return failedBefore + load.failedLoads();
    }
}
