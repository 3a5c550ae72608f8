package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.Job;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Places periodic jobs so that as few as possible start together; not thread-safe. */
final class StaggerPlan {

    /*
     * How are jobs placed?
     *
     * A job starts whenever the time since the epoch, less its offset, is a multiple of its period. Two jobs with the periods
     * p and q ever start together if, and only if, their offsets differ by a multiple of gcd(p, q); how far the difference is
     * from such a multiple is how near to each other they ever start.
     *
     * Jobs of equal period are spread evenly over it, in the order of their names. The group with the shortest period comes
     * first, and each is put as far as possible from what is placed already, and from when jobs by cron expressions start. So
     * the same jobs have the same offsets on every node and after every restart. Offsets that were given stay as they are.
     */

    /** How many places between two jobs of a group are tried. */
    private static final int PLACES = 600;

    private final List<PeriodicSchedule> placed = new ArrayList<>();
    private final Map<String, PeriodicSchedule> schedules = new HashMap<>();
    private final long[] avoided;

    private StaggerPlan(long[] avoided) {
        this.avoided = avoided;
    }

    /**
     * Places jobs that have a period.
     *
     * @param avoided when other jobs start
     * @return the schedules by the names of the jobs
     */
    static Map<String, PeriodicSchedule> place(Collection<Job> jobs, long[] avoided) {
        StaggerPlan plan = new StaggerPlan(avoided);
        jobs.forEach(job -> job.offset().ifPresent(offset -> plan.put(job, offset.toMillis())));
        jobs.stream()
                .filter(job -> job.offset().isEmpty())
                .sorted(Comparator.comparing(Job::name))
                .collect(Collectors.groupingBy(StaggerPlan::period, TreeMap::new, Collectors.toList()))
                .forEach(plan::spread);
        return plan.schedules;
    }

    /** Lets all jobs without an offset of their own start at 0. */
    static Map<String, PeriodicSchedule> allAtOnce(Collection<Job> jobs) {
        StaggerPlan plan = new StaggerPlan(new long[0]);
        jobs.forEach(job ->
                plan.put(job, job.offset().map(offset -> offset.toMillis()).orElse(0L)));
        return plan.schedules;
    }

    private static long period(Job job) {
        return job.period().orElseThrow().toMillis();
    }

    /** Where no even spread is free of collisions, each job is placed by itself. */
    private void spread(long period, List<Job> group) {
        Room room = Room.of(period, placed, avoided);
        long gap = period / group.size();
        Place best = best(room, period, group.size());
        if (gap == 0 || best.room() == 0) {
            group.forEach(job ->
                    put(job, best(Room.of(period, placed, avoided), period, 1).shift()));
        } else {
            IntStream.range(0, group.size()).forEach(i -> put(group.get(i), best.shift() + i * gap));
        }
    }

    private void put(Job job, long offset) {
        PeriodicSchedule schedule = new PeriodicSchedule(period(job), offset);
        placed.add(schedule);
        schedules.put(job.name(), schedule);
    }

    /** Returns the first of the offsets that leave most room around an even spread of so many jobs. */
    private static Place best(Room room, long period, int size) {
        long gap = Math.max(1, period / size);
        long step = Math.max(1, gap / PLACES);
        Place best = new Place(0, -1);
        for (long shift = 0; shift < gap; shift += step) {
            Place place = new Place(shift, around(room, shift, gap, size));
            best = place.room() > best.room() ? place : best;
        }
        return best;
    }

    private static long around(Room room, long shift, long gap, int size) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            least = Math.min(least, room.around(shift + i * gap));
        }
        return least;
    }

    /** An offset, and how much room there is. */
    private record Place(long shift, long room) {}
}
