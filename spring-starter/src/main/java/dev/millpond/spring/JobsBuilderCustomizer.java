package dev.millpond.spring;

import dev.millpond.runtime.Jobs;

/**
 * Changes how the jobs of the application are built, for example by further ones; give it as a bean.
 *
 * <p>Called after the properties are applied: what those set, Redis and the switches, cannot be set again.
 */
@FunctionalInterface
public interface JobsBuilderCustomizer {

    /** Changes the jobs. */
    void customize(Jobs.Builder builder);
}
