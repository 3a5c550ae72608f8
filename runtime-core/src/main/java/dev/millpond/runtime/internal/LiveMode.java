package dev.millpond.runtime.internal;

import dev.millpond.runtime.SwitchMode;
import java.util.function.Supplier;

/** How far a switch is on, for whoever goes by it. */
final class LiveMode implements Supplier<SwitchMode> {

    private volatile SwitchMode mode;

    LiveMode(SwitchMode mode) {
        this.mode = mode;
    }

    @Override
    public SwitchMode get() {
        return mode;
    }

    void set(SwitchMode other) {
        mode = other;
    }
}
