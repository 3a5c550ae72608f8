package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.SwitchState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The switches of this node as they are now, and who goes by them; thread-safe. */
final class SwitchPanel implements SwitchStores.Changes {

    private static final Logger log = LoggerFactory.getLogger(SwitchPanel.class);

    private final Map<Switch, SwitchMode> initially;
    private final Map<Followed, LiveMode> followed = new ConcurrentHashMap<>();
    private volatile SwitchSettings settings;

    SwitchPanel(String node, Map<Switch, SwitchMode> initially) {
        this.initially = Map.copyOf(initially);
        this.settings = new SwitchSettings(node, SwitchBook.EMPTY, SwitchBook.EMPTY, SwitchBook.EMPTY);
    }

    SwitchSettings settings() {
        return settings;
    }

    @Override
    public synchronized void follow(UnaryOperator<SwitchSettings> change) {
        SwitchSettings before = settings;
        settings = change.apply(before);
        followed.forEach((which, live) -> live.set(inForce(which)));
        settings.switches().forEach(which -> tell(which, before));
    }

    private void tell(Switch which, SwitchSettings before) {
        for (SwitchScope scope : SwitchScope.values()) {
            settings.news(which, scope, before)
                    .ifPresent(setting -> log.info(
                            "Switch '{}' was {} {} by '{}'; on this node it is {}.",
                            which,
                            setting.mode().map(mode -> "set to " + mode).orElse("taken back"),
                            scope == SwitchScope.NODE ? "on this node" : "for the fleet",
                            setting.by(),
                            state(which).mode()));
        }
    }

    /** Synchronized, so that no change is missed while it is added. */
    synchronized Supplier<SwitchMode> follow(Followed which) {
        return followed.computeIfAbsent(which, added -> new LiveMode(inForce(added)));
    }

    SwitchState state(Switch which) {
        List<Followed> followers = followersOf(which);
        SwitchMode configured = followers.stream().map(Followed::configured).reduce(initial(which), SwitchMode::and);
        SwitchSettings now = settings;
        return new SwitchState(
                which,
                inForce(which, configured),
                configured,
                now.last(which, SwitchScope.NODE),
                now.last(which, SwitchScope.FLEET),
                !followers.isEmpty());
    }

    private List<Followed> followersOf(Switch which) {
        return followed.keySet().stream()
                .flatMap(Followed::withWholes)
                .filter(each -> each.which().equals(which))
                .toList();
    }

    List<SwitchState> states() {
        Set<Switch> all = new TreeSet<>(Comparator.comparing(Switch::name));
        all.addAll(Switch.general());
        all.addAll(initially.keySet());
        all.addAll(settings.switches());
        followed.keySet().forEach(each -> all.add(each.which()));
        return all.stream().map(this::state).toList();
    }

    private SwitchMode inForce(Followed each) {
        return each.withWholes()
                .map(part -> own(part.which(), part.configured()))
                .reduce(SwitchMode.ON, SwitchMode::and);
    }

    /** Returns how far a switch is on for whoever goes by it without a word on what it is a part of. */
    private SwitchMode inForce(Switch which, SwitchMode configured) {
        return which.whole()
                .map(whole -> state(whole).mode())
                .orElse(SwitchMode.ON)
                .and(own(which, configured));
    }

    private SwitchMode own(Switch which, SwitchMode configured) {
        return settings.mode(which).orElseGet(() -> initial(which).and(configured));
    }

    private SwitchMode initial(Switch which) {
        return initially.getOrDefault(which, SwitchMode.ON);
    }
}
