package dev.millpond.runtime.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Says when periodic jobs start, so that as few as possible start together; immutable.
 *
 * <p>A job starts whenever the time since the epoch of UTC, less its offset, is a multiple of its period. Two jobs with
 * the periods <i>p</i> and <i>q</i> ever start together if, and only if, their offsets differ by a multiple of
 * gcd(<i>p</i>, <i>q</i>); how far the difference is from such a multiple is how near to each other they ever start.
 *
 * <p>Jobs of equal period are spread evenly over it, in the order of their names. The group with the shortest period
 * comes first, and each is put as far as possible from what is placed already. So the same jobs have the same offsets
 * on every node and after every restart. Offsets that were given stay as they are.
 */
public final class StaggerPlan {

    /** How many places between two jobs of a group are tried. */
    private static final int PLACES = 600;

    private final List<Placed> jobs = new ArrayList<>();

    private StaggerPlan() {}

    /**
     * Places jobs.
     *
     * @throws IllegalArgumentException if two have the same name
     */
    public static StaggerPlan of(Collection<PeriodicJob> jobs) {
        StaggerPlan plan = withGivenOffsets(jobs);
        jobs.stream()
                .filter(job -> job.offset().isEmpty())
                .sorted(Comparator.comparing(PeriodicJob::name))
                .collect(Collectors.groupingBy(job -> job.period().toMillis(), TreeMap::new, Collectors.toList()))
                .forEach(plan::spread);
        return plan;
    }

    /**
     * Lets all jobs without an offset of their own start at 0.
     *
     * @throws IllegalArgumentException if two have the same name
     */
    public static StaggerPlan allAtOnce(Collection<PeriodicJob> jobs) {
        return withGivenOffsets(jobs.stream()
                .map(job -> job.offset().isPresent() ? job : job.withOffset(Duration.ZERO))
                .toList());
    }

    private static StaggerPlan withGivenOffsets(Collection<PeriodicJob> jobs) {
        jobs.stream()
                .collect(Collectors.groupingBy(PeriodicJob::name, Collectors.counting()))
                .forEach((name, count) -> {
                    if (count > 1) {
                        throw new IllegalArgumentException(
                                count + " jobs are called '" + name + "'. Give each job a name of its own.");
                    }
                });
        StaggerPlan plan = new StaggerPlan();
        jobs.forEach(job -> job.offset().ifPresent(offset -> plan.place(job, offset.toMillis())));
        return plan;
    }

    /**
     * Returns the offset of a job, from zero to less than its period.
     *
     * @throws IllegalArgumentException if the plan does not have it
     */
    public Duration offsetOf(String name) {
        return Duration.ofMillis(find(name).offset());
    }

    /**
     * Returns when a job starts next: the first of its starts after a moment, both in milliseconds since the epoch.
     *
     * @throws IllegalArgumentException if the plan does not have it
     */
    public long nextStart(String name, long afterMillis) {
        Placed job = find(name);
        return afterMillis + job.period() - Math.floorMod(afterMillis - job.offset(), job.period());
    }

    /** Returns the pairs of jobs that start together at some time, in the order of their names. */
    public List<Collision> collisions() {
        List<Placed> byName =
                jobs.stream().sorted(Comparator.comparing(Placed::name)).toList();
        return IntStream.range(0, byName.size())
                .mapToObj(i -> byName.subList(i + 1, byName.size()).stream()
                        .filter(other -> byName.get(i).distanceTo(other) == 0)
                        .map(other -> new Collision(byName.get(i).name(), other.name())))
                .flatMap(Function.identity())
                .toList();
    }

    private Placed find(String name) {
        return jobs.stream().filter(job -> job.name().equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = jobs.stream().map(Placed::name).sorted().toList();
            return new IllegalArgumentException("There is no job '" + name + "'. Use one of " + names + ".");
        });
    }

    /** Where no even spread is free of collisions, each job is placed by itself. */
    private void spread(long period, List<PeriodicJob> group) {
        long gap = period / group.size();
        long shift = bestShift(period, group.size());
        if (gap == 0 || room(period, shift, gap, group.size()) == 0) {
            group.forEach(job -> place(job, bestShift(period, 1)));
        } else {
            IntStream.range(0, group.size()).forEach(i -> place(group.get(i), shift + i * gap));
        }
    }

    private void place(PeriodicJob job, long offset) {
        jobs.add(new Placed(job.name(), job.period().toMillis(), offset));
    }

    /** Returns the first of the offsets that leave most room around an even spread of so many jobs. */
    private long bestShift(long period, int size) {
        long gap = Math.max(1, period / size);
        long step = Math.max(1, gap / PLACES);
        return LongStream.iterate(0, shift -> shift < gap, shift -> shift + step)
                .boxed()
                .max(Comparator.<Long>comparingLong(shift -> room(period, shift, gap, size))
                        .thenComparing(Comparator.reverseOrder()))
                .orElse(0L);
    }

    private long room(long period, long shift, long gap, int size) {
        return IntStream.range(0, size)
                .mapToLong(i -> room(new Placed("", period, shift + i * gap)))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private long room(Placed candidate) {
        return jobs.stream().mapToLong(candidate::distanceTo).min().orElse(Long.MAX_VALUE);
    }

    /** Two jobs that start together at some time. */
    public record Collision(String one, String other) {}

    private record Placed(String name, long period, long offset) {

        long distanceTo(Placed other) {
            long common = gcd(period, other.period);
            long distance = Math.floorMod(offset - other.offset, common);
            return Math.min(distance, common - distance);
        }

        private static long gcd(long a, long b) {
            return b == 0 ? a : gcd(b, a % b);
        }
    }
}
