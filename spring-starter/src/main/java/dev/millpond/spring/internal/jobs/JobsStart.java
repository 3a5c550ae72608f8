package dev.millpond.spring.internal.jobs;

import dev.millpond.runtime.Jobs;
import dev.millpond.spring.WarmUpSettings;
import java.util.List;
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

    private final List<Jobs> all;
    private final @Nullable Jobs jobs;
    private final ReadyAfter readyAfter;

    /**
     * Creates it.
     *
     * @param all what the application has
     * @param jobs those that have the warm-ups to wait for; null if there are none, or nobody knows which
     * @throws dev.millpond.spring.internal.properties.InvalidPropertyException if the application is to wait for a
     *     warm-up, or to warm the hot keys of a cache, and the jobs have none
     */
    public JobsStart(List<Jobs> all, @Nullable Jobs jobs, WarmUpSettings settings) {
        this.all = List.copyOf(all);
        this.jobs = jobs;
        this.readyAfter = ReadyAfter.of(jobs, settings);
        if (jobs != null) {
            HotKeyWarmers.checkAreIn(jobs, settings.hotKeysOf());
        }
    }

    @Override
    public void run(ApplicationArguments arguments) {
        all.forEach(Jobs::start);
        if (jobs != null) {
            readyAfter.await(jobs);
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
