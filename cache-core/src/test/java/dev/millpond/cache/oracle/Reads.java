package dev.millpond.cache.oracle;

import dev.millpond.cache.CacheResult;
import dev.millpond.cache.LoadingCache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All ways to read the caches of a node. */
record Reads(NodeCaches caches) {

    private static final int MOST_AT_ONCE = 5;

    /** Returns a read of anything in any way. */
    Read any(Random random) {
        int key = random.nextInt(Subject.KEYS);
        return switch (random.nextInt(20)) {
            case 0, 1 -> find(key);
            case 2 -> getAsync(key);
            case 3 -> getIfPresent(key);
            case 4 -> refresh(key, random);
            case 5, 6 -> getAll(key, 1 + random.nextInt(MOST_AT_ONCE));
            case 7 -> foreign(key);
            case 13, 14, 15, 16 -> anyStrict(random);
            default -> anyDependant(random);
        };
    }

    /** Returns a read of a value that was made from other entries. */
    Read anyDependant(Random random) {
        int key = random.nextInt(Subject.KEYS);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> derived(key);
            case 3 -> derivedAsync(key);
            case 4 -> declared(key);
            default -> twice(key);
        };
    }

    /** Returns a read of a cache that is strict. */
    Read anyStrict(Random random) {
        int key = random.nextInt(Subject.KEYS);
        return switch (random.nextInt(4)) {
            case 0 -> strictIfPresent(key);
            case 1 -> strictAll(key, 1 + random.nextInt(MOST_AT_ONCE));
            default -> strict(key);
        };
    }

    /** Returns a read of a row that another program changes. */
    Read anyForeign(Random random) {
        return foreign(random.nextInt(Subject.KEYS));
    }

    /** Returns one read of each entry there is. */
    List<Read> all() {
        return IntStream.range(0, Subject.KEYS)
                .boxed()
                .flatMap(key -> Stream.of(
                        find(key), getAll(key, 1), strict(key), foreign(key), derived(key), declared(key), twice(key)))
                .toList();
    }

    private Read find(int key) {
        return new Read(
                "base.find",
                List.of(Subject.base(key)),
                () -> row(caches.base().find(key).orElse(null)));
    }

    private Read getAsync(int key) {
        return new Read(
                "base.getAsync",
                List.of(Subject.base(key)),
                () -> row(caches.base().getAsync(key).join()));
    }

    private Read getIfPresent(int key) {
        return new Read("base.getIfPresent", List.of(Subject.base(key)), () -> present(caches.base(), key));
    }

    private static List<Long> present(LoadingCache<Integer, Long> cache, int key) {
        Optional<CacheResult<Long>> found = cache.getIfPresent(key);
        return found.map(result -> row(result.value().orElse(null))).orElse(List.of());
    }

    /** Rarely: it loads each time. */
    private Read refresh(int key, Random random) {
        if (random.nextInt(10) > 0) {
            return find(key);
        }
        return new Read(
                "base.refresh",
                List.of(Subject.base(key)),
                () -> row(caches.base().refresh(key).orElse(null)));
    }

    private Read getAll(int first, int count) {
        List<Subject> subjects =
                IntStream.range(first, first + count).mapToObj(Subject::bulk).toList();
        return new Read("bulk.getAll", subjects, () -> rows(caches.bulk(), subjects));
    }

    private static List<Long> rows(LoadingCache<Integer, Long> cache, List<Subject> subjects) {
        Map<Integer, Long> rows =
                cache.getAll(subjects.stream().map(Subject::key).toList());
        return subjects.stream()
                .map(subject -> rows.getOrDefault(subject.key(), SourceOfTruth.ABSENT))
                .toList();
    }

    private Read strict(int key) {
        return new Read(
                "strict.find",
                List.of(Subject.strict(key)),
                () -> row(caches.strict().find(key).orElse(null)));
    }

    private Read strictIfPresent(int key) {
        return new Read("strict.getIfPresent", List.of(Subject.strict(key)), () -> present(caches.strict(), key));
    }

    private Read strictAll(int first, int count) {
        List<Subject> subjects =
                IntStream.range(first, first + count).mapToObj(Subject::strict).toList();
        return new Read("strict.getAll", subjects, () -> rows(caches.strict(), subjects));
    }

    private Read foreign(int key) {
        return new Read(
                "foreign.find",
                List.of(Subject.foreign(key)),
                () -> row(caches.foreign().find(key).orElse(null)));
    }

    private Read derived(int key) {
        return new Read(
                "derived.get", NodeCaches.derivedOf(key), () -> caches.derived().get(key));
    }

    private Read derivedAsync(int key) {
        return new Read(
                "derived.getAsync",
                NodeCaches.derivedOf(key),
                () -> caches.derived().getAsync(key).join());
    }

    private Read declared(int key) {
        return new Read(
                "declared.get",
                NodeCaches.declaredOf(key),
                () -> caches.declared().get(key));
    }

    private Read twice(int key) {
        return new Read(
                "twice.get", NodeCaches.twiceOf(key), () -> caches.twice().get(key));
    }

    private static List<Long> row(@Nullable Long version) {
        return List.of(version == null ? SourceOfTruth.ABSENT : version);
    }
}
