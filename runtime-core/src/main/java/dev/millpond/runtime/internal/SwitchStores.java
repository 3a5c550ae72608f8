package dev.millpond.runtime.internal;

import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.SharedState;
import dev.millpond.runtime.spi.SharedState.Place;
import dev.millpond.runtime.spi.Upkeep;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where settings of switches are stored.
 *
 * @param own of this node, in its memory
 * @param running of the fleet, until a while after its last node
 * @param kept of the fleet and of nodes with a name; null without Redis
 */
record SwitchStores(
        SharedState<SwitchBook> own,
        SharedState<SwitchBook> running,
        @Nullable SharedState<SwitchBook> kept) {

    /** Longer than a node may take to start again when all are restarted at once. */
    static final Duration LIFE_AFTER_THE_FLEET = Duration.ofMinutes(1);

    private static final String CHANGED = "switches";

    /** Takes one of the books in place of the one before. */
    interface Changes {

        /** Goes by what the operation makes of what was set so far. */
        void follow(UnaryOperator<SwitchSettings> change);
    }

    static SwitchStores inProcess(Changes changes) {
        SwitchText untilEnd = new SwitchText(false);
        return new SwitchStores(
                SharedState.inProcess(untilEnd, (before, now) -> changes.follow(all -> all.withOwn(now))),
                SharedState.inProcess(untilEnd, (before, now) -> changes.follow(all -> all.withRunning(now))),
                null);
    }

    static SwitchStores inRedis(RedisGuard guard, String namespace, Changes changes) {
        Upkeep upkeep = new Upkeep("A switch", "millpond-switches");
        String key = namespace + ":switches";
        Place running = new Place(key + "-running", key, CHANGED, LIFE_AFTER_THE_FLEET);
        Place kept = new Place(key, key, CHANGED, null);
        SwitchText untilEnd = new SwitchText(false);
        return new SwitchStores(
                SharedState.inProcess(untilEnd, (before, now) -> changes.follow(all -> all.withOwn(now))),
                SharedState.inRedis(
                        guard, running, upkeep, untilEnd, (before, now) -> changes.follow(all -> all.withRunning(now))),
                SharedState.inRedis(
                        guard,
                        kept,
                        upkeep,
                        new SwitchText(true),
                        (before, now) -> changes.follow(all -> all.withKept(now))));
    }

    SharedState<SwitchBook> untilEnd(SwitchScope scope) {
        return scope == SwitchScope.NODE ? own : running;
    }

    void close() {
        running.close();
        if (kept != null) {
            kept.close();
        }
    }
}
