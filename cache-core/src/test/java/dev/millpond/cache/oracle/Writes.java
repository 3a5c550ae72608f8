package dev.millpond.cache.oracle;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All ways to change something on a node: commit first, then invalidate. What was told to the caches is told to the
 * history when it is complete: here when it returns, for the others when Redis has it.
 */
record Writes(Node node, Truth truth, List<Lock> baseLocks) {

    private static final int MOST_AT_ONCE = 4;

    static List<Lock> newLocks() {
        return Stream.<Lock>generate(ReentrantLock::new).limit(Subject.KEYS).toList();
    }

    /** Changes anything in any way. */
    void any(Random random) {
        int key = random.nextInt(Subject.KEYS);
        switch (random.nextInt(26)) {
            case 0, 1, 2, 3, 4, 5 -> invalidate(key);
            case 6, 7, 8 -> put(key);
            case 9, 10, 11, 12 -> invalidateSome(random);
            case 13 -> invalidateWholeCache();
            case 20, 21, 22 -> invalidateStrictTag(key);
            case 23, 24 -> invalidateStrict(key);
            case 25 -> invalidateWholeStrictCache();
            default -> invalidateTag(key);
        }
    }

    private void invalidate(int key) {
        alone(
                key,
                () -> change(
                        Set.of(Subject.base(key)),
                        versions -> node.caches().base().invalidate(key)));
    }

    /** A put asserts that its value is the newest, so nobody else may change the row until it returns. */
    private void put(int key) {
        alone(
                key,
                () -> change(Set.of(Subject.base(key)), versions -> {
                    long version = versions.getOrDefault(Subject.base(key), SourceOfTruth.ABSENT);
                    if (SourceOfTruth.isAbsence(version)) {
                        node.caches().base().invalidate(key);
                    } else {
                        node.caches().base().put(key, version);
                    }
                }));
    }

    private void invalidateSome(Random random) {
        Set<Subject> some = new HashSet<>();
        for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
            some.add(Subject.bulk(random.nextInt(Subject.KEYS)));
        }
        change(
                some,
                versions -> node.caches()
                        .bulk()
                        .invalidateAll(some.stream().map(Subject::key).toList()));
    }

    private void invalidateWholeCache() {
        change(Subject.all(Subject.Kind.BULK), versions -> node.caches().bulk().invalidateAll());
    }

    private void invalidateTag(int key) {
        Subject tag = Subject.tag(key);
        change(Set.of(tag), versions -> node.registry().invalidate(NodeCaches.tag(tag)));
    }

    private void invalidateStrictTag(int key) {
        change(Set.of(Subject.strict(key)), versions -> node.registry().invalidate(NodeCaches.strictTag(key)));
    }

    private void invalidateStrict(int key) {
        change(Set.of(Subject.strict(key)), versions -> node.caches().strict().invalidate(key));
    }

    private void invalidateWholeStrictCache() {
        change(
                Subject.all(Subject.Kind.STRICT),
                versions -> node.caches().strict().invalidateAll());
    }

    private void alone(int key, Runnable change) {
        Lock lock = baseLocks.get(key);
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private void change(Collection<Subject> subjects, Consumer<Map<Subject, Long>> invalidation) {
        Map<Subject, Long> versions = truth.commit(subjects);
        node.log().change(() -> invalidation.accept(versions), () -> truth.completed(versions));
        truth.returned(node.number(), versions);
    }
}
