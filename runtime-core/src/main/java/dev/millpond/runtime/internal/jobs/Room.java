package dev.millpond.runtime.internal.jobs;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How far from everything else a job of one period would start; sorted once, since many offsets are tried. Immutable.
 */
final class Room {

    private final List<Circle> circles;

    private Room(List<Circle> circles) {
        this.circles = circles;
    }

    /**
     * Finds it for a period.
     *
     * @param placed jobs that have their offsets
     * @param avoided when other jobs start
     */
    static Room of(long period, Collection<PeriodicSchedule> placed, long[] avoided) {
        Map<Long, LongStream.Builder> marks = new TreeMap<>();
        placed.forEach(
                job -> marks(marks, PeriodicSchedule.gcd(period, job.period())).add(job.offset()));
        LongStream.of(avoided).forEach(marks(marks, period)::add);
        return new Room(marks.entrySet().stream()
                .map(each -> Circle.of(each.getKey(), each.getValue().build()))
                .filter(circle -> circle.marks.length > 0)
                .collect(Collectors.toUnmodifiableList()));
    }

    private static LongStream.Builder marks(Map<Long, LongStream.Builder> marks, long length) {
        return marks.computeIfAbsent(length, each -> LongStream.builder());
    }

    /** Returns the least distance to anything; 0 if it starts together with something. */
    long around(long offset) {
        long least = Long.MAX_VALUE;
        for (Circle circle : circles) {
            least = Math.min(least, circle.distance(offset));
        }
        return least;
    }

    /** Marks on a circle, in ascending order. */
    private static final class Circle {

        private final long length;
        private final long[] marks;

        private Circle(long length, long[] marks) {
            this.length = length;
            this.marks = marks;
        }

        static Circle of(long length, LongStream times) {
            return new Circle(
                    length,
                    times.map(time -> Math.floorMod(time, length))
                            .sorted()
                            .distinct()
                            .toArray());
        }

        long distance(long time) {
            long place = Math.floorMod(time, length);
            int found = Arrays.binarySearch(marks, place);
            if (found >= 0) {
                return 0;
            }
            int after = -found - 1;
            long next = after < marks.length ? marks[after] : marks[0] + length;
            long before = after > 0 ? marks[after - 1] : marks[marks.length - 1] - length;
            return Math.min(next - place, place - before);
        }
    }
}
