package dev.millpond.cache.oracle;

import dev.millpond.cache.internal.ForwardingLog;
import dev.millpond.cache.internal.ForwardingStore;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.cache.spi.InvalidationLog.Follower;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/** Nodes that lack one guarantee each. */
final class Mutants {

    /** Answers from what it has however long ago the log confirmed it. */
    static final Variant WITHOUT_TRUST_WINDOW =
            new Variant("without trust window", UnaryOperator.identity(), UnaryOperator.identity(), Duration.ofDays(1));

    /** Stores what it has loaded whatever happened to the entry meanwhile. */
    static final Variant WITH_PLAIN_SET =
            new Variant("with plain SET", PlainSet::new, UnaryOperator.identity(), Variant.BOUND);

    /** Does not look at the tags of entries. */
    static final Variant WITHOUT_TAGS =
            new Variant("without tags", UnaryOperator.identity(), log -> new WithoutNames(log, "t:"), Variant.BOUND);

    /** Does not look at what entries were made from. */
    static final Variant WITHOUT_DEPENDENCIES = new Variant(
            "without dependencies", UnaryOperator.identity(), log -> new WithoutNames(log, "k:"), Variant.BOUND);

    /** Takes it for granted that it knows of every invalidation, while the channel is silent. */
    static final Variant WITHOUT_CHECKS = new Variant(
            "without checks", UnaryOperator.identity(), log -> new WithoutChecks(new PolledLog(log)), Variant.BOUND);

    /** Goes on across a part of the log that it has missed and that is gone. */
    static final Variant WITHOUT_FLOOR =
            new Variant("without floor", UnaryOperator.identity(), WithoutFloor::new, Variant.BOUND);

    /** Takes a new life of the log for more of the old one. */
    static final Variant WITHOUT_EPOCH =
            new Variant("without epoch", UnaryOperator.identity(), WithoutEpoch::new, Variant.BOUND);

    /** Forgets the invalidations that Redis does not take. */
    static final Variant WITHOUT_PENDING =
            new Variant("without pending", UnaryOperator.identity(), WithoutPending::new, Variant.BOUND);

    private Mutants() {}

    private static final class PlainSet extends ForwardingStore {

        private PlainSet(CacheStore store) {
            super(store);
        }

        @Override
        public boolean putIf(ConditionalPut put) {
            put(put.key(), put.bytes(), put.timeToLive());
            return true;
        }

        @Override
        public List<Boolean> putAllIf(List<ConditionalPut> puts) {
            return puts.stream().map(this::putIf).toList();
        }
    }

    /** Keeps the names of one kind from its node. */
    private static final class WithoutNames extends ForwardingLog {

        private final String prefix;

        private WithoutNames(InvalidationLog log, String prefix) {
            super(log);
            this.prefix = prefix;
        }

        @Override
        public void start(Follower follower) {
            super.start(new ForwardingFollower(follower) {
                @Override
                public void apply(long sequence, Collection<String> names) {
                    super.apply(
                            sequence,
                            names.stream()
                                    .filter(name -> !name.startsWith(prefix))
                                    .toList());
                }
            });
        }
    }

    private static final class WithoutChecks extends ForwardingLog {

        private WithoutChecks(InvalidationLog log) {
            super(log);
        }

        @Override
        public Check check() {
            return () -> true;
        }
    }

    private static final class WithoutFloor extends ForwardingLog {

        private WithoutFloor(InvalidationLog log) {
            super(log);
        }

        @Override
        public void start(Follower follower) {
            super.start(new ForwardingFollower(follower) {
                @Override
                public void reset(String newEpoch, long floor) {
                    if (!newEpoch.equals(epoch())) {
                        super.reset(newEpoch, floor);
                    }
                    while (applied() < floor) {
                        apply(applied() + 1, List.of());
                    }
                }
            });
        }
    }

    private static final class WithoutEpoch extends ForwardingLog {

        private WithoutEpoch(InvalidationLog log) {
            super(log);
        }

        @Override
        public void start(Follower follower) {
            super.start(new OneLife(follower));
        }
    }

    /** Tells the log the truth, and the node of one life only. */
    private static final class OneLife extends ForwardingFollower {

        private volatile String epoch;
        private volatile long applied;
        private boolean begun;

        private OneLife(Follower follower) {
            super(follower);
            this.epoch = follower.epoch();
            this.applied = follower.applied();
        }

        @Override
        public String epoch() {
            return epoch;
        }

        @Override
        public long applied() {
            return applied;
        }

        @Override
        public synchronized void apply(long sequence, Collection<String> names) {
            if (sequence == applied + 1) {
                super.apply(super.applied() + 1, names);
                applied = sequence;
            }
        }

        @Override
        public synchronized void reset(String newEpoch, long floor) {
            if (!begun || newEpoch.equals(epoch)) {
                super.reset(newEpoch, Math.max(floor, super.applied()));
            }
            begun = true;
            epoch = newEpoch;
            applied = floor;
        }
    }

    private static final class WithoutPending extends ForwardingLog {

        private WithoutPending(InvalidationLog log) {
            super(log);
        }

        @Override
        public long append(Collection<String> names) {
            return check().passed() ? super.append(names) : -1;
        }
    }
}
