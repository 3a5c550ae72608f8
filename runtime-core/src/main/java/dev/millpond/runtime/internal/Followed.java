package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import java.util.stream.Stream;

/**
 * A switch that somebody goes by.
 *
 * @param configured what holds for them where nothing was set at run time
 * @param configuredWhole the same of the switch that it is a part of
 */
record Followed(Switch which, SwitchMode configured, SwitchMode configuredWhole) {

    /** Returns this, and all that it is a part of. */
    Stream<Followed> withWholes() {
        Stream<Followed> wholes =
                which.whole().map(whole -> new Followed(whole, configuredWhole, SwitchMode.ON)).stream()
                        .flatMap(Followed::withWholes);
        return Stream.concat(Stream.of(this), wholes);
    }
}
