package dev.millpond.benchmarks.scaling;

import dev.millpond.testkit.RedisServer;
import java.util.BitSet;
import java.util.List;

/**
 * The slots of one master of a cluster.
 *
 * @param slots which ones
 */
record SlotRanges(BitSet slots) {

    private static final int FIRST_RANGE = 8;

    static SlotRanges of(RedisServer master) {
        return of(String.valueOf(master.command("CLUSTER", "NODES")));
    }

    /** Reads what a node says of its cluster; its own line tells its slots, those on their way in brackets. */
    static SlotRanges of(String nodes) {
        BitSet slots = new BitSet();
        nodes.lines().filter(line -> line.contains("myself")).forEach(line -> {
            List<String> words = List.of(line.split(" ", -1));
            words.subList(FIRST_RANGE, words.size()).stream()
                    .filter(range -> !range.startsWith("["))
                    .forEach(range -> add(slots, range.split("-", -1)));
        });
        return new SlotRanges(slots);
    }

    private static void add(BitSet slots, String... ends) {
        slots.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
    }

    boolean contains(int slot) {
        return slots.get(slot);
    }
}
