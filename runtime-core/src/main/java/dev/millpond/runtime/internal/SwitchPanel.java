package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.SwitchSetting;
import dev.millpond.runtime.SwitchState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final Set<Switch> ALWAYS = Set.of(Switch.MILLPOND, Switch.CACHE, Switch.RATE_LIMIT, Switch.WARM_UP);

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
            Optional<SwitchSetting> last = settings.last(which, scope);
            if (!last.equals(before.last(which, scope))) {
                last.ifPresent(setting -> log.info(
                        "Switch '{}' was {} {} by '{}'; on this node it is {}.",
                        which,
                        setting.mode().map(mode -> "set to " + mode).orElse("taken back"),
                        scope == SwitchScope.NODE ? "on this node" : "for the fleet",
                        setting.by(),
                        state(which).mode()));
            }
        }
    }

    /** Synchronized, so that no change is missed while it is added. */
    synchronized Supplier<SwitchMode> follow(Switch which, SwitchMode configured) {
        return followed.computeIfAbsent(new Followed(which, configured), added -> new LiveMode(inForce(added)));
    }

    SwitchState state(Switch which) {
        SwitchMode configured = followed.keySet().stream()
                .filter(each -> each.which().equals(which))
                .map(Followed::configured)
                .reduce(initial(which), SwitchMode::and);
        SwitchSettings now = settings;
        return new SwitchState(
                which,
                inForce(new Followed(which, configured)),
                configured,
                now.last(which, SwitchScope.NODE),
                now.last(which, SwitchScope.FLEET),
                isFollowed(which));
    }

    private boolean isFollowed(Switch which) {
        return followed.keySet().stream().anyMatch(each -> each.isPartOf(which));
    }

    List<SwitchState> states() {
        Set<Switch> all = new TreeSet<>(Comparator.comparing(Switch::name));
        all.addAll(ALWAYS);
        all.addAll(initially.keySet());
        all.addAll(settings.switches());
        followed.keySet().forEach(each -> all.add(each.which()));
        return all.stream().map(this::state).toList();
    }

    private SwitchMode inForce(Followed each) {
        SwitchMode own = settings.mode(each.which())
                .orElseGet(() -> initial(each.which()).and(each.configured()));
        return each.which()
                .whole()
                .map(whole -> own.and(inForce(new Followed(whole, SwitchMode.ON))))
                .orElse(own);
    }

    private SwitchMode initial(Switch which) {
        return initially.getOrDefault(which, SwitchMode.ON);
    }

    /** Somebody who goes by a switch, and what holds for them where nothing was set at run time. */
    private record Followed(Switch which, SwitchMode configured) {

        boolean isPartOf(Switch other) {
            return which.equals(other)
                    || which.whole()
                            .map(whole -> new Followed(whole, SwitchMode.ON).isPartOf(other))
                            .orElse(false);
        }
    }
}
