package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.SwitchSetting;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What counts of all that was set at run time; immutable.
 *
 * @param node the owner of what holds for this node
 * @param own what was set on this node until its end
 * @param running what was set for the fleet until its end
 * @param kept what is kept over restarts, of all nodes and of the fleet
 */
record SwitchSettings(String node, SwitchBook own, SwitchBook running, SwitchBook kept) {

    /**
     * Returns what counts in a scope: what was set until the end, else what is kept, each unless it was taken back;
     * else who took the last of them back.
     */
    Optional<SwitchSetting> last(Switch which, SwitchScope scope) {
        List<SwitchSetting> said = said(which, scope);
        return said.stream()
                .filter(setting -> setting.mode().isPresent())
                .findFirst()
                .or(() -> said.stream().max(Comparator.comparing(SwitchSetting::at)));
    }

    /** Returns what was said in a scope, in the order in which it counts. */
    private List<SwitchSetting> said(Switch which, SwitchScope scope) {
        SwitchBook untilEnd = scope == SwitchScope.NODE ? own : running;
        return Stream.of(untilEnd.get(owner(scope), which), kept.get(owner(scope), which))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns what to tell of a scope after a change; empty if nothing changed that counts. */
    Optional<SwitchSetting> news(Switch which, SwitchScope scope, SwitchSettings before) {
        List<SwitchSetting> known = before.said(which, scope);
        Optional<SwitchSetting> last = last(which, scope);
        return said(which, scope).stream()
                .filter(setting -> setting.mode().isEmpty() && !known.contains(setting))
                .findFirst()
                .or(() -> last.filter(setting -> !last.equals(before.last(which, scope))));
    }

    String owner(SwitchScope scope) {
        return scope == SwitchScope.NODE ? node : SwitchBook.FLEET;
    }

    /** Returns the stricter of what was set on this node and for the fleet; empty if nothing was. */
    Optional<SwitchMode> mode(Switch which) {
        return Stream.of(SwitchScope.values())
                .flatMap(scope -> last(which, scope).flatMap(SwitchSetting::mode).stream())
                .reduce(SwitchMode::and);
    }

    /** Returns the switches about which something was said here or for the fleet. */
    Set<Switch> switches() {
        Set<Switch> switches = new TreeSet<>(Comparator.comparing(Switch::name));
        Stream.of(own, running, kept)
                .flatMap(book -> book.settings().keySet().stream())
                .filter(key -> key.owner().equals(node) || key.owner().equals(SwitchBook.FLEET))
                .forEach(key -> switches.add(key.which()));
        return switches;
    }

    SwitchSettings withOwn(SwitchBook other) {
        return new SwitchSettings(node, other, running, kept);
    }

    SwitchSettings withRunning(SwitchBook other) {
        return new SwitchSettings(node, own, other, kept);
    }

    SwitchSettings withKept(SwitchBook other) {
        return new SwitchSettings(node, own, running, other);
    }
}
