package dev.millpond.cache.oracle;

import dev.millpond.cache.oracle.Fault.Reach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** An endless order of faults, random but repeatable: every fault comes once before any comes again. */
final class FaultPlan implements Iterator<FaultPlan.Step> {

    private static final int SHORTEST_MILLIS = 200;

    /** Longer than the bound on staleness, so that a node can be cut off until it must not trust what it has. */
    private static final int LONGEST_MILLIS = 3_500;

    private static final int SHORTEST_REST_MILLIS = 300;
    private static final int LONGEST_REST_MILLIS = 1_000;

    private final List<Fault> faults;
    private final List<Fault> moments;
    private final Random random;
    private final List<Fault> deck = new ArrayList<>();

    FaultPlan(List<Fault> faults, long seed) {
        this.faults = faults;
        this.moments =
                faults.stream().filter(fault -> fault.reach() == Reach.MOMENT).toList();
        this.random = new Random(seed);
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Step next() {
        if (deck.isEmpty()) {
            deck.addAll(faults);
            Collections.shuffle(deck, random);
        }
        Fault fault = deck.remove(deck.size() - 1);
        Duration lasts = Duration.ofMillis(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
        Duration rest = Duration.ofMillis(random.nextInt(SHORTEST_REST_MILLIS, LONGEST_REST_MILLIS));
        return new Step(fault, random.nextInt(Fleet.NODES), lasts, meanwhile(fault), rest);
    }

    /** Half of the network faults hide something else from their node. */
    private @Nullable Fault meanwhile(Fault fault) {
        boolean two = random.nextBoolean() && fault.reach() == Reach.NETWORK && !moments.isEmpty();
        return two ? moments.get(random.nextInt(moments.size())) : null;
    }

    /**
     * One fault of the plan.
     *
     * @param node which node's network it hits, if it is one of the network
     * @param lasts how long it lasts, unless it is one of a moment
     * @param meanwhile what happens in the middle of it, if anything does
     * @param rest how long nothing happens after the repair
     */
    record Step(
            Fault fault, int node, Duration lasts, @Nullable Fault meanwhile, Duration rest) {}
}
