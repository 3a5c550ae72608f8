package dev.millpond.runtime;

import dev.millpond.runtime.internal.SwitchesBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Turns caches, rate limits and everything else off and on while the application runs.
 *
 * <p>What counts is simple to say: <b>off in one place is off</b>. What was set at run time counts in place of the
 * configuration; if a switch was set both on a node and for the fleet, the stricter counts there; and a cache is no
 * more on than all caches, nor these than {@link Switch#MILLPOND}. So to turn something on again, take back, or set to
 * on, each place where {@link #states} shows it off.
 *
 * <p>Thread-safe; make one per application and give it to its cache registry and rate limiter. While Redis is away,
 * what was last known of the fleet holds, and {@link SwitchScope#NODE} works as ever. A node that starts then goes by
 * its configuration until Redis answers. Closing it leaves the Redis connection open; what holds then stays.
 */
public interface Switches extends AutoCloseable {

    /** Starts the switches of an application; the builder is not thread-safe. */
    static Builder builder() {
        return new SwitchesBuilder();
    }

    /**
     * Sets a switch until it is set again, or until the end: on a node, that of the process; for the fleet, a minute
     * after the last node was there. Nodes that start meanwhile go by it. Then what was {@linkplain #keep kept} before
     * holds again, or the configuration.
     *
     * <p>It holds here when this returns, and on all nodes of the fleet within two seconds. For the fleet it waits for
     * Redis, so it must not be called on a thread of the Redis client.
     *
     * @param by who sets it, for those who look later; 1 to 200 characters
     * @return how the switch is on this node then
     * @throws SwitchException if Redis does not answer; whether it was set is unknown then
     * @throws IllegalArgumentException if the switch cannot be in this mode: single caches and all of them can be in
     *     any, everything else on or off
     */
    SwitchState set(Switch which, SwitchMode mode, SwitchScope scope, String by);

    /**
     * Sets a switch like {@link #set}, in place of what was set or kept in this scope, and keeps it over restarts, in
     * Redis, until something else is kept or it is {@linkplain #takeBackKept taken back}.
     *
     * <p>For a node it is kept under the {@linkplain Builder#node name of the node}.
     *
     * @throws SwitchException also if there is no Redis
     * @throws IllegalArgumentException also if it is for a node that has no name
     */
    SwitchState keep(Switch which, SwitchMode mode, SwitchScope scope, String by);

    /**
     * Takes back what was {@linkplain #set set} in a scope; what was kept there before holds again, or what the
     * configuration says.
     *
     * @throws SwitchException as for {@link #set}
     */
    SwitchState takeBack(Switch which, SwitchScope scope, String by);

    /**
     * Takes back what was set and what is {@linkplain #keep kept} in a scope; what the configuration says holds again.
     *
     * @throws SwitchException as for {@link #set}; on a node, what was set without keeping it is taken back all the
     *     same
     */
    SwitchState takeBackKept(Switch which, SwitchScope scope, String by);

    /** Returns how a switch is on this node; does not ask Redis. */
    SwitchState state(Switch which);

    /** Returns how all switches are that exist, are followed or were ever set, by name; does not ask Redis. */
    List<SwitchState> states();

    /**
     * Returns where to read, as often as one likes, how far a switch is on; reading it costs one volatile read.
     *
     * @param configured what holds where nothing was set at run time
     */
    default Supplier<SwitchMode> follow(Switch which, SwitchMode configured) {
        return follow(which, configured, SwitchMode.ON);
    }

    /**
     * Returns where to read how far a switch is on, like {@link #follow(Switch, SwitchMode)}.
     *
     * @param configured what holds where nothing was set at run time
     * @param configuredWhole what holds where nothing was set at run time of the switch that this one is a part of
     */
    Supplier<SwitchMode> follow(Switch which, SwitchMode configured, SwitchMode configuredWhole);

    /** Stops following the fleet; closing again does nothing. */
    @Override
    void close();

    /**
     * Configures switches; not thread-safe.
     *
     * <p>Each setting may be given once; giving it again throws {@link IllegalStateException}.
     */
    interface Builder {

        /**
         * Shares what is set for the fleet with other nodes through this Redis; without it this process is the fleet.
         *
         * @param redis stays open when the switches are closed
         */
        Builder redis(RedisConnection redis);

        /**
         * Sets the first part of every key in Redis; {@code millpond} by default.
         *
         * @param namespace the same on all nodes; 1 to 64 letters, digits, dots, hyphens and underscores
         * @throws IllegalArgumentException if it has other characters or another length
         */
        Builder namespace(String namespace);

        /**
         * Sets the name under which switches of this node are kept; without it they cannot be.
         *
         * @param name the same after a restart and different from all others; 1 to 64 letters, digits, dots, hyphens
         *     and underscores
         * @throws IllegalArgumentException if it has other characters or another length
         */
        Builder node(String name);

        /**
         * Sets how a switch is where nothing was set at run time; {@link SwitchMode#ON} by default. Can be used once
         * for each switch.
         */
        Builder initially(Switch which, SwitchMode mode);

        /** Sets the source of the time of day; the system's by default. */
        Builder clock(InstantSource clock);

        /** Makes the switches; does not wait for Redis. */
        Switches build();
    }
}
