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
import java.util.function.UnaryOperator;

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
        SwitchChange change = change(which, Optional.of(checked(which, mode)), scope, by, false);
        return changed(stores.untilEnd(scope), which, change::set);
    }

    @Override
    public SwitchState keep(Switch which, SwitchMode mode, SwitchScope scope, String by) {
        SwitchChange change = change(which, Optional.of(checked(which, mode)), scope, by, true);
        changed(keeper(which, scope), which, change::set);
        return changed(
                stores.untilEnd(scope), which, change::remove); // after that, or it would be neither for a moment
    }

    @Override
    public SwitchState takeBack(Switch which, SwitchScope scope, String by) {
        SwitchChange change = change(which, Optional.empty(), scope, by, false);
        return changed(stores.untilEnd(scope), which, change::takeBack);
    }

    @Override
    public SwitchState takeBackKept(Switch which, SwitchScope scope, String by) {
        SwitchState state = takeBack(which, scope, by);
        SharedState<SwitchBook> kept = stores.kept();
        if (kept == null || isNameless(scope)) {
            return state;
        }
        try {
            return changed(kept, which, change(which, Optional.empty(), scope, by, true)::takeBack);
        } catch (SwitchException e) {
            throw new SwitchException(
                    e.getMessage() + " What was set without keeping it was taken back, and what is kept may hold.", e);
        }
    }

    private SwitchChange change(Switch which, Optional<SwitchMode> mode, SwitchScope scope, String by, boolean kept) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new SwitchChange(panel.settings().owner(scope), which, new SwitchSetting(mode, by, now, kept));
    }

    private SwitchState changed(SharedState<SwitchBook> store, Switch which, UnaryOperator<SwitchBook> change) {
        try {
            store.change(change);
        } catch (StateNotChangedException e) {
            throw new SwitchException("Switch '" + which + "': " + e.getMessage(), e);
        }
        return state(which);
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
        if (isNameless(scope)) {
            throw new IllegalArgumentException(
                    "Switch '" + which + "' cannot be kept over restarts of this node: the node has no name. Give it"
                            + " one by Switches.builder().node(...) or 'millpond.node-name', or keep the switch for the"
                            + " fleet.");
        }
        return kept;
    }

    private boolean isNameless(SwitchScope scope) {
        return scope == SwitchScope.NODE && !nodeHasName;
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
