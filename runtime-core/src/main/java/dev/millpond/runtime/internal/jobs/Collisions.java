package dev.millpond.runtime.internal.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Pairs of jobs that start together at some time; immutable.
 *
 * @param pairs in the order of their names
 */
record Collisions(List<Pair> pairs) {

    private static final long DAY = Duration.ofHours(24).toMillis();

    /** More would hide the rest of a log. */
    private static final int MOST_SHOWN = 10;

    /** As many as there are minutes in a day; whatever is due more often meets others soon. */
    private static final int MOST_STARTS = 1_440;

    /** Two jobs. */
    record Pair(String one, String other) {

        @Override
        public String toString() {
            return "'" + one + "' and '" + other + "'";
        }
    }

    /**
     * Finds them: those of jobs with a period for all time, those with a cron expression among the starts of 24 hours,
     * but at most 1440.
     *
     * @param now where the 24 hours begin
     */
    static Collisions find(Map<String, PeriodicSchedule> periodic, Map<String, ? extends Schedule> crons, long now) {
        Map<String, Set<Long>> starts = new TreeMap<>();
        crons.forEach((name, cron) -> starts.put(name, starts(cron, now)));
        List<String> names = new ArrayList<>(periodic.keySet());
        names.addAll(crons.keySet());
        names.sort(null);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String one = names.get(i);
            names.subList(i + 1, names.size()).stream()
                    .filter(other -> together(periodic, starts, one, other))
                    .forEach(other -> pairs.add(new Pair(one, other)));
        }
        return new Collisions(pairs);
    }

    private static Set<Long> starts(Schedule schedule, long from) {
        return Planner.starts(schedule, from)
                .limit(MOST_STARTS)
                .takeWhile(start -> start <= from + DAY)
                .boxed()
                .collect(Collectors.toSet());
    }

    private static boolean together(
            Map<String, PeriodicSchedule> periodic, Map<String, Set<Long>> starts, String one, String other) {
        PeriodicSchedule first = periodic.get(one);
        PeriodicSchedule second = periodic.get(other);
        if (first != null && second != null) {
            return first.distanceTo(second) == 0;
        }
        if (first == null && second == null) {
            return starts.getOrDefault(one, Set.of()).stream().anyMatch(starts.getOrDefault(other, Set.of())::contains);
        }
        return first != null
                ? meets(first, starts.getOrDefault(other, Set.of()))
                : meets(Objects.requireNonNull(second), starts.getOrDefault(one, Set.of()));
    }

    private static boolean meets(PeriodicSchedule schedule, Set<Long> starts) {
        return starts.stream().anyMatch(start -> schedule.distanceTo(start) == 0);
    }

    /** Returns the pairs as a part of a sentence. */
    @Override
    public String toString() {
        String shown = pairs.stream().limit(MOST_SHOWN).map(Pair::toString).collect(Collectors.joining(", "));
        int more = pairs.size() - MOST_SHOWN;
        return more > 0 ? shown + ", and " + more + " more pairs" : shown;
    }
}
