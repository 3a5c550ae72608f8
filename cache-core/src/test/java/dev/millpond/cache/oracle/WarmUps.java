package dev.millpond.cache.oracle;

import dev.millpond.cache.JobCall;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Warmers of the caches of one node. */
final class WarmUps {

    private final List<Job> jobs;

    WarmUps(NodeCaches caches) {
        jobs = Stream.of(caches.base(), caches.bulk(), caches.strict(), caches.derived())
                .map(WarmUps::warmer)
                .flatMap(warmer -> Stream.of(warmer.warmUp(), warmer.refresh()))
                .toList();
    }

    private static Warmer warmer(LoadingCache<Integer, ?> cache) {
        return cache.warmer(() -> IntStream.range(0, Subject.KEYS).boxed())
                .batchSize(4)
                .concurrency(2)
                .build();
    }

    /** Runs one of them. */
    void any(Random random) {
        Job job = jobs.get(random.nextInt(jobs.size()));
        var unused = new JobCall().run(job);
    }
}
