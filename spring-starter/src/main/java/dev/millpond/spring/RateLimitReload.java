package dev.millpond.spring;

import java.util.List;

/**
 * Puts changed properties of rate limits in force while the application runs, on this node; a bean to inject.
 *
 * <p>Thread-safe. The endpoint {@code millpondratelimits} does the same, and with Spring Cloud its
 * {@code EnvironmentChangeEvent} does it by itself.
 */
public interface RateLimitReload {

    /**
     * Reads the configuration anew and puts it in force, all of it together.
     *
     * <p>Tiers, clients, allowlist, denylist, modes, paths and routes count at once; a tier with another definition
     * keeps of each bucket the share that is used. What operators changed stays on top.
     *
     * @return the names of the properties that have another value than at the start, but count only after a restart
     * @throws IllegalArgumentException if there is a value that would stop the start, with the message of the start;
     *     nothing has changed then
     */
    List<String> reload();
}
