package dev.millpond.runtime;

import java.util.Optional;

/**
 * How a switch is on this node, and why; immutable.
 *
 * @param which the switch
 * @param mode how far it is on, with the switches that it is a part of
 * @param configured what holds where nothing was set at run time
 * @param node what counts of what was said on this node; if all of it was taken back, who did that last
 * @param fleet the same of what was said for all nodes
 * @param followed whether anything on this node goes by it; false also for the name of a cache that does not exist
 */
public record SwitchState(
        Switch which,
        SwitchMode mode,
        SwitchMode configured,
        Optional<SwitchSetting> node,
        Optional<SwitchSetting> fleet,
        boolean followed) {}
