package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.spring.JobsBuilderCustomizer;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Conditional;

/** Matches an application that has something to run. */
final class OnJobs extends AnyNestedCondition {

    OnJobs() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnBean(Job.class)
    static class HasJob {}

    @ConditionalOnBean(Warmer.class)
    static class HasWarmer {}

    @ConditionalOnBean(JobsBuilderCustomizer.class)
    static class HasCustomizer {}

    @Conditional(OnHotKeys.class)
    static class HasHotKeys {}
}
