package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.BareClassPath;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Runs jobs with a class path that lacks cron-utils and Redisson, both optional dependencies. */
final class WithoutCronUtilsTest {

    private final BareClassPath classPath =
            new BareClassPath(Jobs.class, WithoutCronUtilsTest.class, Logger.class, NullMarked.class, Ticker.class);

    @AfterEach
    void close() throws Exception {
        classPath.close();
    }

    @Test
    void jobs_withPeriodsAlone_run() throws Exception {
        Supplier<?> user = classPath.instance(Supplier.class, WithPeriod.class);

        assertThat(user.get()).isEqualTo(true);
    }

    @Test
    void cron_cronUtilsMissing_saysWhatToAdd() throws Exception {
        Supplier<?> user = classPath.instance(Supplier.class, WithCron.class);

        assertThatIllegalStateException()
                .isThrownBy(user::get)
                .withMessage("Job 'nightly' has a cron expression, which needs cron-utils on the class path. Add the"
                        + " dependency com.cronutils:cron-utils, or give the job a period.");
    }

    /** Runs a job at the start. */
    public static final class WithPeriod implements Supplier<Boolean> {
        @Override
        public Boolean get() {
            try (Jobs jobs = Jobs.builder()
                    .job(Job.of("prices", run -> Map.of())
                            .every(Duration.ofMinutes(1))
                            .atStart())
                    .build()) {
                jobs.start();
                return jobs.awaitFirstRuns(List.of("prices"), Duration.ofSeconds(10));
            }
        }
    }

    /** Has a job with a cron expression. */
    public static final class WithCron implements Supplier<Job> {
        @Override
        public Job get() {
            return Job.of("nightly", run -> Map.of()).cron("0 30 4 * * *");
        }
    }
}
