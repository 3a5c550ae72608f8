package dev.millpond.cache.oracle;

import dev.millpond.cache.BulkLoadContext;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.cache.TypeRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one node. Values are versions: of a row, or of everything that a value was made from, in the order of
 * the subjects that its {@code ...Of} method names.
 */
final class NodeCaches {

    /** Short, so that a load that lost Redis on its way does not hold the others off for long. */
    private static final Duration LEASE_TIME = Duration.ofSeconds(1);

    private static final TypeRef<List<Long>> VERSIONS = new TypeRef<>() {};

    private final SourceOfTruth source;
    private final LoadingCache<Integer, Long> base;
    private final LoadingCache<Integer, Long> bulk;
    private final LoadingCache<Integer, Long> strict;
    private final LoadingCache<Integer, Long> foreign;
    private final LoadingCache<Integer, List<Long>> derived;
    private final LoadingCache<Integer, List<Long>> declared;
    private final LoadingCache<Integer, List<Long>> twice;

    NodeCaches(CacheRegistry registry, SourceOfTruth source) {
        this.source = source;
        base = ofRows(registry, "base").build((key, load) -> row(Subject.base(key), load));
        bulk = ofRows(registry, "bulk").buildBulk(this::rows);
        strict = ofRows(registry, "strict").consistency(Consistency.STRICT).build(this::loadStrict);
        // The other program's changes are seen in Redis only, so nothing may stay in the process.
        foreign = ofRows(registry, "foreign")
                .localTimeToLive(Duration.ofMillis(1))
                .build(this::loadForeign);
        derived = ofVersions(registry, "derived").build(this::loadDerived);
        declared = ofVersions(registry, "declared").build(this::loadDeclared);
        twice = ofVersions(registry, "twice").build(this::loadTwice);
    }

    LoadingCache<Integer, Long> base() {
        return base;
    }

    LoadingCache<Integer, Long> bulk() {
        return bulk;
    }

    LoadingCache<Integer, Long> strict() {
        return strict;
    }

    LoadingCache<Integer, Long> foreign() {
        return foreign;
    }

    LoadingCache<Integer, List<Long>> derived() {
        return derived;
    }

    LoadingCache<Integer, List<Long>> declared() {
        return declared;
    }

    LoadingCache<Integer, List<Long>> twice() {
        return twice;
    }

    static String redisKeyOfForeign(int key) {
        return Node.NAMESPACE + ":foreign:" + key;
    }

    static Tag tag(Subject subject) {
        return Tag.of("group", subject.key());
    }

    /** The tag of a strict row: its invalidation leaves the entry in Redis, so that only the log tells. */
    static Tag strictTag(int key) {
        return Tag.of("strict", key);
    }

    static List<Subject> derivedOf(int key) {
        return List.of(Subject.tag(key), Subject.base(key), Subject.bulk(key));
    }

    static List<Subject> declaredOf(int key) {
        return List.of(Subject.tag(key + 1), Subject.base(key + 2));
    }

    static List<Subject> twiceOf(int key) {
        return Stream.of(derivedOf(key), derivedOf(key + 1), declaredOf(key))
                .flatMap(List::stream)
                .toList();
    }

    /** Reads one row by a future, before the other one, and takes it after that. */
    private List<Long> loadDerived(Integer key, LoadContext context) {
        Subject tag = Subject.tag(key);
        context.tag(tag(tag));
        CompletableFuture<Long> later = bulk.getAsync(key);
        long tagVersion = source.latest(tag);
        long baseVersion = base.find(key).orElse(SourceOfTruth.ABSENT);
        pause();
        return List.of(
                tagVersion, baseVersion, Optional.ofNullable(later.join()).orElse(SourceOfTruth.ABSENT));
    }

    /** Reads a row past its cache, and says so. */
    private @Nullable List<Long> loadDeclared(Integer key, LoadContext context) {
        Subject tag = Subject.tag(key + 1);
        Subject row = Subject.base(key + 2);
        if (isSame(context, source.latest(tag) + " " + source.latest(row))) {
            pause();
            return context.notModified();
        }
        context.tag(tag(tag)).dependsOn(base, row.key());
        long tagVersion = source.latest(tag);
        long rowVersion = source.latest(row);
        pause();
        context.version(tagVersion + " " + rowVersion);
        return List.of(tagVersion, SourceOfTruth.isAbsence(rowVersion) ? SourceOfTruth.ABSENT : rowVersion);
    }

    /** Says nothing of what it was made from if that has not changed, as far as the cache still has it. */
    private static boolean isSame(LoadContext context, String version) {
        return context.lastVersion().equals(Optional.of(version));
    }

    private List<Long> loadTwice(Integer key) {
        int next = (key + 1) % Subject.KEYS;
        List<Long> versions = new ArrayList<>(derived.get(key));
        pause();
        versions.addAll(derived.getAll(List.of(next)).getOrDefault(next, List.of()));
        versions.addAll(declared.getAsync(key).join());
        return versions;
    }

    private @Nullable Long loadStrict(Integer key, LoadContext context) {
        return row(Subject.strict(key), context, strictTag(key));
    }

    /** Slowly, so that the other program changes the row meanwhile. */
    private @Nullable Long loadForeign(Integer key) {
        Long row = source.row(Subject.foreign(key));
        long longest = OtherProgram.INTERVAL.multipliedBy(2).toNanos();
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
        return row;
    }

    private @Nullable Long row(Subject subject, LoadContext context, Tag... tags) {
        long latest = source.latest(subject);
        pause();
        return row(latest, context, tags);
    }

    private static @Nullable Long row(long latest, LoadContext context, Tag... tags) {
        if (isSame(context, "" + latest)) {
            return context.notModified();
        }
        context.tag(tags).version("" + latest);
        return SourceOfTruth.isAbsence(latest) ? null : latest;
    }

    private Map<Integer, Long> rows(Set<Integer> keys, BulkLoadContext<Integer> load) {
        Map<Integer, Long> latest = new HashMap<>();
        keys.forEach(key -> latest.put(key, source.latest(Subject.bulk(key))));
        pause();
        Map<Integer, Long> rows = new HashMap<>();
        latest.forEach((key, version) -> {
            Long row = row(version, load.of(key));
            if (row != null) {
                rows.put(key, row);
            }
        });
        return rows;
    }

    /** After the source was read, so that what was read may be outdated by the time it is stored. */
    private static void pause() {
        int dice = ThreadLocalRandom.current().nextInt(100);
        if (dice < 40) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50L * dice));
        } else if (dice == 99) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
        }
    }

    private static CacheBuilder<Long> ofRows(CacheRegistry registry, String name) {
        return registry.newCache(name, Long.class).leaseTime(LEASE_TIME);
    }

    private static CacheBuilder<List<Long>> ofVersions(CacheRegistry registry, String name) {
        return registry.newCache(name, VERSIONS).leaseTime(LEASE_TIME);
    }
}
