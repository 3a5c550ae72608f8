package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Warmers in a context that has another one around it. */
@ExtendWith(OutputCaptureExtension.class)
final class ChildContextTest {

    private static ConfigurableApplicationContext run(Class<?> parent, String... arguments) {
        return new SpringApplicationBuilder(parent)
                .web(WebApplicationType.NONE)
                .child(WithWarmer.class)
                .web(WebApplicationType.NONE)
                .run(arguments);
    }

    @Test
    void run_jobsAreOfTheParent_warnsThatTheyDoNotRunThoseOfTheChild(CapturedOutput output) {
        try (ConfigurableApplicationContext child = run(WithJob.class)) {
            assertThat(child.getBean(Jobs.class).states())
                    .extracting(JobState::name)
                    .containsExactly("clean");
        }
        assertThat(output)
                .containsOnlyOnce(
                        "No bean of type Jobs runs the beans [numbersWarmer] of type Warmer or Job: they are in a child"
                                + " context, and the bean of type Jobs is in its parent, which does not see them. Declare them there,"
                                + " or make a bean of type Jobs here.");
    }

    @Test
    void run_parentHasNoJobs_runsThoseOfTheChild(CapturedOutput output) {
        try (ConfigurableApplicationContext child = run(Plain.class, "--millpond.cache.warm-up.ready-limit=20s")) {
            Jobs jobs = child.getBean(Jobs.class);
            assertThat(jobs.awaitFirstRuns(List.of("warm-up:numbers"), Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(jobs.state("warm-up:numbers").runs()).isEqualTo(1);
        }
        assertThat(output).doesNotContain("runs the beans");
    }

    @Test
    void run_readyAfterAWarmerOfTheChild_isRefusedByTheParent() {
        assertThatThrownBy(() -> run(WithJob.class, "--millpond.cache.warm-up.ready-after=numbers"))
                .hasStackTraceContaining(
                        "Property 'millpond.cache.warm-up.ready-after' names 'numbers', must name warmers"
                                + " of this application, which are []. Make a bean of the Warmer 'numbers', or remove it.");
    }

    /** A context with the jobs of an application. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithJob {

        @Bean
        Job clean() {
            return Job.of("clean", run -> Map.of());
        }
    }

    /** A context without any. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {}

    /** The context in it. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithWarmer {

        @Bean
        Warmer numbersWarmer(CacheRegistry caches) {
            return caches.newCache("numbers", Integer.class)
                    .build((String key) -> 1)
                    .warmer(() -> Stream.of("one"))
                    .build();
        }
    }
}
