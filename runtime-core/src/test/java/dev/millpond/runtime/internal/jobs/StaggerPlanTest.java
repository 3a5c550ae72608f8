package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.internal.jobs.Collisions.Pair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StaggerPlanTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long[] NOTHING = {};

    /** Four each minute, two each five, two each ten. */
    static final List<Job> EIGHT = Stream.of(
                    jobs("minutely", 4, MINUTE),
                    jobs("five", 2, MINUTE.multipliedBy(5)),
                    jobs("ten", 2, MINUTE.multipliedBy(10)))
            .flatMap(List::stream)
            .toList();

    private static Job job(String name, Duration period) {
        return Job.of(name, run -> Map.of()).every(period);
    }

    private static List<Job> jobs(String prefix, int count, Duration period) {
        return IntStream.range(0, count)
                .mapToObj(i -> job(prefix + "-" + i, period))
                .toList();
    }

    private static List<Pair> collisions(Map<String, PeriodicSchedule> plan) {
        return Collisions.find(plan, Map.of(), 0).pairs();
    }

    private static long offset(Map<String, PeriodicSchedule> plan, String job) {
        return Objects.requireNonNull(plan.get(job)).offset();
    }

    @Test
    void place_jobsOfEqualPeriod_spreadsThemEvenly() {
        Map<String, PeriodicSchedule> plan = StaggerPlan.place(jobs("job", 4, MINUTE), NOTHING);

        assertThat(IntStream.range(0, 4).mapToObj(i -> offset(plan, "job-" + i)))
                .containsExactly(0L, 15_000L, 30_000L, 45_000L);
    }

    @Test
    void place_eightJobsOfThreePeriods_neverStartsTwoTogetherIn24Hours() {
        Map<String, PeriodicSchedule> plan = StaggerPlan.place(EIGHT, NOTHING);

        assertThat(collisions(plan)).isEmpty();
        assertThat(mostAtOnce(plan)).isEqualTo(1);
        assertThat(nearestStarts(plan)).isGreaterThanOrEqualTo(3_000);
    }

    @Test
    void allAtOnce_eightJobs_startsAllTogether() {
        Map<String, PeriodicSchedule> plan = StaggerPlan.allAtOnce(EIGHT);

        assertThat(mostAtOnce(plan)).isEqualTo(8);
        assertThat(collisions(plan)).hasSize(8 * 7 / 2).contains(new Pair("five-0", "minutely-3"));
    }

    @Test
    void place_sameJobsInAnotherOrder_givesTheSameOffsets() {
        List<Job> shuffled = new ArrayList<>(EIGHT);
        Collections.shuffle(shuffled, new Random(7));

        assertThat(StaggerPlan.place(shuffled, NOTHING)).isEqualTo(StaggerPlan.place(EIGHT, NOTHING));
    }

    @Test
    void place_offsetsGiven_keepsThemAndPlacesTheOthersAround() {
        List<Job> jobs = new ArrayList<>(jobs("job", 2, MINUTE));
        jobs.add(job("given", MINUTE).offset(Duration.ofSeconds(15)));

        Map<String, PeriodicSchedule> plan = StaggerPlan.place(jobs, NOTHING);

        assertThat(offset(plan, "given")).isEqualTo(15_000);
        assertThat(offset(plan, "job-0")).isZero();
        assertThat(offset(plan, "job-1")).isEqualTo(30_000);
    }

    @Test
    void place_otherStartsToAvoid_areAvoided() {
        Map<String, PeriodicSchedule> plan =
                StaggerPlan.place(jobs("job", 4, MINUTE), new long[] {86_400_000, 2 * 86_400_000});

        assertThat(IntStream.range(0, 4).mapToObj(i -> offset(plan, "job-" + i)))
                .containsExactly(7_500L, 22_500L, 37_500L, 52_500L);
    }

    @Test
    void place_evenSpreadIsTaken_placesEachByItself() {
        List<Job> jobs = new ArrayList<>(jobs("job", 2, Duration.ofMillis(4)));
        jobs.add(job("even", Duration.ofMillis(2)).offset(Duration.ZERO));

        assertThat(collisions(StaggerPlan.place(jobs, NOTHING))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void place_randomJobs_collidesAsTheirStartsDo(long seed) {
        Random random = new Random(seed);
        List<Job> jobs = IntStream.range(0, 12)
                .mapToObj(i -> job("job-" + i, Duration.ofMinutes(1 + random.nextInt(6))))
                .toList();

        Map<String, PeriodicSchedule> plan = StaggerPlan.place(jobs, NOTHING);

        assertThat(mostAtOnce(plan) > 1).isEqualTo(!collisions(plan).isEmpty());
        assertThat(collisions(plan)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void around_anyOffset_isTheLeastDistanceToAll(long seed) {
        Random random = new Random(seed);
        List<PeriodicSchedule> placed = random.longs(20, 1, 50)
                .mapToObj(factor -> new PeriodicSchedule(60 * factor, random.nextInt(60)))
                .toList();
        long[] avoided = random.longs(5, 0, 100_000).toArray();
        Room room = Room.of(3_600, placed, avoided);

        for (long offset = 0; offset < 3_600; offset++) {
            PeriodicSchedule candidate = new PeriodicSchedule(3_600, offset);
            assertThat(room.around(offset))
                    .isEqualTo(LongStream.concat(
                                    placed.stream().mapToLong(candidate::distanceTo),
                                    LongStream.of(avoided).map(candidate::distanceTo))
                            .min()
                            .orElseThrow());
        }
    }

    @Test
    void next_atAStart_isThatOfTheNextPeriod() {
        PeriodicSchedule schedule = new PeriodicSchedule(60_000, 15_000);

        assertThat(schedule.next(0)).isEqualTo(15_000);
        assertThat(schedule.next(14_999)).isEqualTo(15_000);
        assertThat(schedule.next(15_000)).isEqualTo(75_000);
    }

    private static int mostAtOnce(Map<String, PeriodicSchedule> plan) {
        Map<Long, Integer> starts = new HashMap<>();
        plan.values().forEach(job -> starts(job).forEach(at -> starts.merge(at, 1, Integer::sum)));
        return Collections.max(starts.values());
    }

    private static long nearestStarts(Map<String, PeriodicSchedule> plan) {
        long[] sorted = plan.values().stream()
                .flatMapToLong(StaggerPlanTest::starts)
                .sorted()
                .toArray();
        return IntStream.range(1, sorted.length)
                .mapToLong(i -> sorted[i] - sorted[i - 1])
                .min()
                .orElseThrow();
    }

    private static LongStream starts(PeriodicSchedule job) {
        return Planner.starts(job, -1).takeWhile(at -> at < Duration.ofHours(24).toMillis());
    }
}
