package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeavyHittersTest {

    private static final int ROOM = 10;

    private final HeavyHitters<String> counts = new HeavyHitters<>(ROOM);

    private void add(String thing, int times) {
        for (int i = 0; i < times; i++) {
            counts.add(thing);
        }
    }

    @Test
    void certain_noMoreThanThereIsRoomFor_isExact() {
        for (int i = 1; i <= ROOM; i++) {
            add("thing-" + i, i);
        }

        assertThat(counts.certain()).hasSize(ROOM).containsEntry("thing-1", 1L).containsEntry("thing-10", 10L);
    }

    @Test
    void add_noRoom_takesThePlaceOfTheLowest() {
        IntStream.range(0, ROOM).forEach(i -> add("thing-" + i, 5 + i));

        add("new", 3);

        assertThat(counts.certain())
                .hasSize(ROOM)
                .doesNotContainKey("thing-0")
                .containsEntry("new", 3L)
                .containsEntry("thing-1", 6L);
    }

    @Test
    void add_twoNewInTurn_doNotTakeTheirPlacesFromEachOther() {
        IntStream.range(0, ROOM).forEach(i -> add("thing-" + i, 5));

        for (int i = 0; i < 100; i++) {
            counts.add("one");
            counts.add("other");
        }

        assertThat(counts.certain()).containsEntry("one", 100L).containsEntry("other", 100L);
    }

    @Test
    void add_severalTimes_countsThemAll() {
        counts.add("thing", 16);
        counts.add("thing", 4);

        assertThat(counts.certain()).containsExactly(Map.entry("thing", 20L));
    }

    /** Once all counts have grown, all places have to be sorted anew before it is known which is the lowest. */
    @Test
    void add_manyPlacesWhoseCountsHaveGrown_isLeftOutForAFewTimesAtMost() {
        int room = 10 * HeavyHitters.MOST_STEPS;
        HeavyHitters<Integer> large = new HeavyHitters<>(room);
        for (int i = 0; i < 3 * room; i++) {
            large.add(i % room);
        }

        for (int i = 0; i <= 10; i++) {
            large.add(-1);
        }

        assertThat(large.certain()).hasSize(room).containsEntry(-1, 1L);
    }

    /** Each is counted by at most so much too little as the lowest count: all things divided by the room. */
    @Test
    void certain_fewAmongManyOthers_hasThemAndNeverTooMuch() {
        Random random = new Random(42);
        int all = 200_000;
        int often = 0;
        for (int i = 0; i < all; i++) {
            boolean heavy = random.nextInt(4) == 0;
            often += heavy ? 1 : 0;
            counts.add(heavy ? "heavy" : "other-" + i);
        }

        Map<String, Long> certain = counts.certain();
        assertThat(certain).hasSize(ROOM);
        assertThat(certain.get("heavy")).isBetween((long) often - all / ROOM, (long) often);
    }

    @Test
    void add_manyThreads_keepsToItsRoom() throws Exception {
        int threads = 8;
        CountDownLatch begin = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            var added = IntStream.range(0, threads)
                    .<Future<?>>mapToObj(thread -> pool.submit(() -> {
                        begin.await();
                        for (int i = 0; i < 20_000; i++) {
                            counts.add(i % 2 == 0 ? "heavy" : "other-" + thread + "-" + i);
                        }
                        return null;
                    }))
                    .toList();
            begin.countDown();
            for (Future<?> each : added) {
                each.get();
            }
        } finally {
            pool.shutdown();
        }
        assertThat(counts.certain()).hasSize(ROOM);
        assertThat(counts.certain().get("heavy")).isBetween(40_000L, 80_000L);
    }
}
