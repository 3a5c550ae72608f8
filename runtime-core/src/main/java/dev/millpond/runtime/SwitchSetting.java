package dev.millpond.runtime;

import dev.millpond.runtime.internal.OperatorName;
import java.time.Instant;
import java.util.Optional;

/**
 * What somebody said about a switch; immutable.
 *
 * @param mode empty if it was taken back, so that it says nothing any more
 * @param by who said it, by their own account
 * @param at when, by the clock of the node that was told
 * @param kept whether it holds after a restart
 */
public record SwitchSetting(Optional<SwitchMode> mode, String by, Instant at, boolean kept) {

    /**
     * Checks who said it.
     *
     * @throws IllegalArgumentException if that is not 1 to 200 characters, or has control or formatting characters or
     *     line separators
     */
    public SwitchSetting {
        String unused = OperatorName.require("Who sets a switch", by);
    }
}
