package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchException;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.SwitchSetting;
import dev.millpond.runtime.SwitchState;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.SharedState;
import dev.millpond.runtime.spi.StateNotChangedException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks what is asked for, and stores it. */
final class LiveSwitches implements Switches {

    private final SwitchPanel panel;
    private final SwitchStores stores;
    private final boolean nodeHasName;
    private final InstantSource clock;

    LiveSwitches(SwitchPanel panel, SwitchStores stores, boolean nodeHasName, InstantSource clock) {
        this.panel = panel;
        this.stores = stores;
        this.nodeHasName = nodeHasName;
        this.clock = clock;
    }

    @Override
    public SwitchState set(Switch which, SwitchMode mode, SwitchScope scope, String by) {
        return change(stores.untilEnd(scope), which, Optional.of(checked(which, mode)), scope, by, false);
    }

    @Override
    public SwitchState keep(Switch which, SwitchMode mode, SwitchScope scope, String by) {
        return change(keeper(which, scope), which, Optional.of(checked(which, mode)), scope, by, true);
    }

    @Override
    public SwitchState takeBack(Switch which, SwitchScope scope, String by) {
        SharedState<SwitchBook> kept = stores.kept();
        if (kept != null && panel.settings().kept().get(panel.settings().owner(scope), which) != null) {
            change(kept, which, Optional.empty(), scope, by, true);
        }
        return change(stores.untilEnd(scope), which, Optional.empty(), scope, by, false);
    }

    private SwitchState change(
            SharedState<SwitchBook> store,
            Switch which,
            Optional<SwitchMode> mode,
            SwitchScope scope,
            String by,
            boolean kept) {
        Instant at = after(panel.settings().last(which, scope));
        SwitchSetting setting = new SwitchSetting(mode, by, at, kept);
        try {
            store.change(book -> book.with(panel.settings().owner(scope), which, setting, at));
        } catch (StateNotChangedException e) {
            throw new SwitchException("Switch '" + which + "': " + e.getMessage(), e);
        }
        return state(which);
    }

    /** A clock that is behind that of another node must not make this change count less than an older one. */
    private Instant after(Optional<SwitchSetting> last) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return last.map(setting -> setting.at().plusMillis(1))
                .filter(now::isBefore)
                .orElse(now);
    }

    static SwitchMode checked(Switch which, SwitchMode mode) {
        Objects.requireNonNull(mode, "Mode of a switch is null. Use takeBack(...) to let the configuration count.");
        if (!which.ofCaches() && !mode.isOn() && !mode.isOff()) {
            throw new IllegalArgumentException("Switch '" + which + "' cannot be " + mode
                    + ", must be on or off. Use the switch 'cache' or that of one cache; a share of clients is a mode of"
                    + " rate limits.");
        }
        return mode;
    }

    private SharedState<SwitchBook> keeper(Switch which, SwitchScope scope) {
        SharedState<SwitchBook> kept = stores.kept();
        if (kept == null) {
            throw new SwitchException(
                    "Switch '" + which + "' cannot be kept over restarts: there is no Redis to keep it in. Set it"
                            + " without that, and change the configuration.",
                    null);
        }
        if (scope == SwitchScope.NODE && !nodeHasName) {
            throw new IllegalArgumentException(
                    "Switch '" + which + "' cannot be kept over restarts of this node: the node has no name. Give it"
                            + " one by Switches.builder().node(...) or 'millpond.node-name', or keep the switch for the"
                            + " fleet.");
        }
        return kept;
    }

    @Override
    public SwitchState state(Switch which) {
        return panel.state(which);
    }

    @Override
    public List<SwitchState> states() {
        return panel.states();
    }

    @Override
    public Supplier<SwitchMode> follow(Switch which, SwitchMode configured, SwitchMode configuredWhole) {
        return panel.follow(new Followed(which, configured, configuredWhole));
    }

    @Override
    public void close() {
        stores.close();
    }
}
