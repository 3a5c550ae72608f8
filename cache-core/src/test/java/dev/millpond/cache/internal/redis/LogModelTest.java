package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.testkit.FakeTicker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories: other nodes invalidate, messages come late, twice, in disorder or never, Redis loses its data. What
 * the follower takes for valid must be what the source has, after each proof and after each invalidation of its own.
 */
class LogModelTest {

    private static final int NAMES = 6;
    private static final int STEPS = 3_000;

    private final LogRedis redis = new LogRedis();
    private final LogClient client = redis.client();
    private final ModelFollower follower = new ModelFollower();
    private final LogReader reader = new LogReader(client, follower, new FakeTicker(), () -> true);
    private final long[] source = new long[NAMES];
    private final List<Loaded> loaded = new ArrayList<>();

    /** A value of the source, with what the node knew when it was read. */
    private record Loaded(Object epoch, long stamp, int name, long version) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void follower_anyHistory_neverTakesTheOldForValid(long seed) {
        Random random = new Random(seed);
        reader.catchUp();
        client.subscribe(message -> reader.apply(LogRecord.parse(message)));
        int hits = 0;
        for (int step = 0; step < STEPS; step++) {
            int name = random.nextInt(NAMES);
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> invalidateElsewhere(name);
                case 3 -> {
                    invalidateHere(name);
                    assertNoneOld(List.of(name));
                }
                case 4, 5, 6 -> deliver(random);
                case 7, 8 -> loaded.add(new Loaded(follower.epoch, follower.applied, name, source[name]));
                case 9, 10 -> {
                    reader.catchUp();
                    hits += assertNoneOld(List.of(0, 1, 2, 3, 4, 5));
                }
                default -> fault(random);
            }
        }
        assertThat(hits).isPositive();
    }

    private void invalidateElsewhere(int name) {
        source[name]++;
        client.append(List.of("t:" + name), "none", 0);
    }

    private void invalidateHere(int name) {
        source[name]++;
        List<String> names = List.of("t:" + name);
        if (!reader.apply(client.append(names, "none", 0).withNames(names))) {
            reader.catchUp();
        }
    }

    private void deliver(Random random) {
        if (!redis.published.isEmpty()) {
            int which = random.nextInt(3) == 0 ? random.nextInt(redis.published.size()) : 0;
            String message = redis.published.get(which);
            if (random.nextInt(4) != 0) {
                redis.deliver(message);
            }
            if (random.nextInt(4) != 0) {
                redis.published.remove(which);
            }
        }
    }

    private void fault(Random random) {
        switch (random.nextInt(20)) {
            case 0 -> redis.loseAll();
            case 1 -> redis.loseStream();
            case 2, 3 -> redis.trim(random.nextInt(4));
            default -> redis.published.clear();
        }
    }

    private int assertNoneOld(Collection<Integer> names) {
        int hits = 0;
        for (Loaded entry : loaded) {
            if (names.contains(entry.name()) && follower.valid(entry)) {
                assertThat(entry.version()).isEqualTo(source[entry.name()]);
                hits++;
            }
        }
        loaded.removeIf(entry -> !follower.valid(entry));
        return hits;
    }

    /** The rule of validity in its plainest form. */
    private static final class ModelFollower implements InvalidationLog.Follower {

        private final Map<String, Long> last = new HashMap<>();
        private Object epoch = new Object();
        private String epochId = "none";
        private long applied;

        boolean valid(Loaded entry) {
            return entry.epoch().equals(epoch) && last.getOrDefault("t:" + entry.name(), 0L) <= entry.stamp();
        }

        @Override
        public String epoch() {
            return epochId;
        }

        @Override
        public long applied() {
            return applied;
        }

        @Override
        public void apply(long sequence, Collection<String> names) {
            if (sequence == applied + 1) {
                applied = sequence;
                names.forEach(name -> last.put(name, sequence));
            }
        }

        @Override
        public void reset(String newEpoch, long floor) {
            epoch = new Object();
            epochId = newEpoch;
            applied = floor;
            last.clear();
        }

        @Override
        public void distrust() {
            throw new AssertionError("Nothing fails here.");
        }

        @Override
        public void confirm(long nanoTime) {}
    }
}
