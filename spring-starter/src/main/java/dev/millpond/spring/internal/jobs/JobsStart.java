package dev.millpond.spring.internal.jobs;

import dev.millpond.runtime.Jobs;
import dev.millpond.spring.WarmUpSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;

/**
 * Starts the jobs when the application has started.
 *
 * <p>Spring Boot lets an application take traffic after its runners, so what this one waits for holds that back.
 */
public final class JobsStart implements ApplicationRunner, Ordered {

    private final @Nullable Jobs jobs;
    private final ReadyAfter readyAfter;

    /**
     * Creates it.
     *
     * @param jobs null if the application has none
     * @throws dev.millpond.spring.internal.properties.InvalidPropertyException if the application is to wait for a
     *     warm-up that it does not have
     */
    public JobsStart(@Nullable Jobs jobs, WarmUpSettings settings) {
        this.jobs = jobs;
        this.readyAfter = ReadyAfter.of(jobs, settings);
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (jobs != null) {
            jobs.start();
            readyAfter.await(jobs);
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
