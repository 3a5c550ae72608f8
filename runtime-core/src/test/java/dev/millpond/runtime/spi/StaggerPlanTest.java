package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.runtime.spi.StaggerPlan.Collision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StaggerPlanTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Four each minute, two each five, two each ten. */
    private static final List<PeriodicJob> EIGHT = Stream.of(
                    jobs("minutely", 4, MINUTE),
                    jobs("five", 2, MINUTE.multipliedBy(5)),
                    jobs("ten", 2, MINUTE.multipliedBy(10)))
            .flatMap(List::stream)
            .toList();

    private static List<PeriodicJob> jobs(String prefix, int count, Duration period) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PeriodicJob(prefix + "-" + i, period))
                .toList();
    }

    @Test
    void of_jobsOfEqualPeriod_spreadsThemEvenly() {
        StaggerPlan plan = StaggerPlan.of(jobs("job", 4, MINUTE));

        assertThat(IntStream.range(0, 4).mapToObj(i -> plan.offsetOf("job-" + i).toSeconds()))
                .containsExactly(0L, 15L, 30L, 45L);
    }

    @Test
    void of_eightJobsOfThreePeriods_neverStartsTwoTogetherIn24Hours() {
        StaggerPlan plan = StaggerPlan.of(EIGHT);

        assertThat(plan.collisions()).isEmpty();
        assertThat(mostAtOnce(plan, EIGHT)).isEqualTo(1);
        assertThat(nearestStarts(plan, EIGHT)).isGreaterThanOrEqualTo(3_000);
    }

    @Test
    void allAtOnce_eightJobs_startsAllTogetherAndSaysSo() {
        StaggerPlan plan = StaggerPlan.allAtOnce(EIGHT);

        assertThat(mostAtOnce(plan, EIGHT)).isEqualTo(8);
        assertThat(plan.collisions()).hasSize(8 * 7 / 2).contains(new Collision("five-0", "minutely-3"));
    }

    @Test
    void of_sameJobsInAnotherOrder_givesTheSameOffsets() {
        List<PeriodicJob> shuffled = new ArrayList<>(EIGHT);
        Collections.shuffle(shuffled, new Random(7));

        StaggerPlan plan = StaggerPlan.of(EIGHT);
        StaggerPlan other = StaggerPlan.of(shuffled);

        assertThat(EIGHT)
                .allSatisfy(job -> assertThat(other.offsetOf(job.name())).isEqualTo(plan.offsetOf(job.name())));
    }

    @Test
    void of_offsetsGiven_keepsThemAndPlacesTheOthersAround() {
        PeriodicJob given = new PeriodicJob("given", MINUTE).withOffset(Duration.ofSeconds(15));

        StaggerPlan plan = StaggerPlan.of(
                Stream.concat(Stream.of(given), jobs("job", 2, MINUTE).stream()).toList());

        assertThat(plan.offsetOf("given")).hasSeconds(15);
        assertThat(plan.offsetOf("job-0")).hasSeconds(0);
        assertThat(plan.offsetOf("job-1")).hasSeconds(30);
    }

    @Test
    void of_givenOffsetsThatCollide_namesTheJobs() {
        StaggerPlan plan = StaggerPlan.of(List.of(
                new PeriodicJob("prices", MINUTE).withOffset(Duration.ofSeconds(10)),
                new PeriodicJob("rates", MINUTE.multipliedBy(5)).withOffset(Duration.ofSeconds(130))));

        assertThat(plan.collisions()).containsExactly(new Collision("prices", "rates"));
    }

    @Test
    void of_evenSpreadIsTaken_placesEachByItself() {
        List<PeriodicJob> jobs = new ArrayList<>(jobs("job", 2, Duration.ofMillis(4)));
        jobs.add(new PeriodicJob("even", Duration.ofMillis(2)).withOffset(Duration.ZERO));

        StaggerPlan plan = StaggerPlan.of(jobs);

        assertThat(plan.collisions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void of_randomJobs_collidesAsTheirStartsDo(long seed) {
        Random random = new Random(seed);
        List<PeriodicJob> jobs = IntStream.range(0, 12)
                .mapToObj(i -> new PeriodicJob("job-" + i, Duration.ofMinutes(1 + random.nextInt(6))))
                .toList();

        StaggerPlan plan = StaggerPlan.of(jobs);

        assertThat(mostAtOnce(plan, jobs) > 1).isEqualTo(!plan.collisions().isEmpty());
        assertThat(plan.collisions()).isEmpty();
    }

    @Test
    void nextStart_atAStart_isThatOfTheNextPeriod() {
        StaggerPlan plan = StaggerPlan.of(List.of(new PeriodicJob("job", MINUTE).withOffset(Duration.ofSeconds(15))));

        assertThat(plan.nextStart("job", 0)).isEqualTo(15_000);
        assertThat(plan.nextStart("job", 14_999)).isEqualTo(15_000);
        assertThat(plan.nextStart("job", 15_000)).isEqualTo(75_000);
    }

    @Test
    void of_badJobs_saysWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeriodicJob("job", Duration.ZERO))
                .withMessage(
                        "Period of job 'job' is PT0S, must be 1 ms or more. Use for example Duration.ofMinutes(5).");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeriodicJob("job", MINUTE).withOffset(MINUTE))
                .withMessage("Offset of job 'job' is PT1M, must be 0 or more and less than its period of PT1M. Leave it"
                        + " out to have it placed.");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> StaggerPlan.of(List.of(new PeriodicJob("job", MINUTE), new PeriodicJob("job", MINUTE))))
                .withMessage("2 jobs are called 'job'. Give each job a name of its own.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StaggerPlan.of(jobs("job", 2, MINUTE)).offsetOf("jop-1"))
                .withMessage("There is no job 'jop-1'. Use one of [job-0, job-1].");
    }

    private static int mostAtOnce(StaggerPlan plan, List<PeriodicJob> jobs) {
        Map<Long, Integer> starts = new HashMap<>();
        jobs.forEach(job -> starts(plan, job).forEach(at -> starts.merge(at, 1, Integer::sum)));
        return Collections.max(starts.values());
    }

    private static long nearestStarts(StaggerPlan plan, List<PeriodicJob> jobs) {
        List<Long> sorted =
                jobs.stream().flatMap(job -> starts(plan, job)).sorted().toList();
        return IntStream.range(1, sorted.size())
                .mapToLong(i -> sorted.get(i) - sorted.get(i - 1))
                .min()
                .orElseThrow();
    }

    private static Stream<Long> starts(StaggerPlan plan, PeriodicJob job) {
        long end = Duration.ofHours(24).toMillis();
        return Stream.iterate(plan.nextStart(job.name(), -1), at -> at < end, at -> plan.nextStart(job.name(), at));
    }
}
