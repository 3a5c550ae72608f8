package dev.millpond.cache.oracle;

import dev.millpond.cache.internal.ForwardingLog;
import dev.millpond.cache.internal.ForwardingStore;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.InvalidationLog;
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
}
