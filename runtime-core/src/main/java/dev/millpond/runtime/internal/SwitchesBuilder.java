package dev.millpond.runtime.internal;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.GivenSettings;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects and checks the settings of switches. */
public final class SwitchesBuilder implements Switches.Builder {

    /** What holds for a node without a name is never stored, and read by nobody else. */
    private static final String NAMELESS = "here";

    private final GivenSettings given = new GivenSettings("Switches");
    private final Map<Switch, SwitchMode> initially = new HashMap<>();
    private @Nullable RedisConnection redis;
    private @Nullable String node;
    private String namespace = "millpond";
    private InstantSource clock = InstantSource.system();

    /** Starts with nothing set. */
    public SwitchesBuilder() {}

    @Override
    public Switches.Builder redis(RedisConnection connection) {
        this.redis = given.once("redis", connection);
        return this;
    }

    @Override
    public Switches.Builder namespace(String name) {
        this.namespace = given.once("namespace", GivenSettings.name("Switches: namespace", name));
        return this;
    }

    @Override
    public Switches.Builder node(String name) {
        this.node = given.once("node", GivenSettings.name("Switches: node", name));
        return this;
    }

    @Override
    public Switches.Builder initially(Switch which, SwitchMode mode) {
        initially.put(which, LiveSwitches.checked(which, given.once("initial mode of '" + which + "'", mode)));
        return this;
    }

    @Override
    public Switches.Builder clock(InstantSource timeOfDay) {
        this.clock = given.once("clock", timeOfDay);
        return this;
    }

    @Override
    public Switches build() {
        SwitchPanel panel = new SwitchPanel(node == null ? NAMELESS : SwitchBook.node(node), initially);
        SwitchStores stores =
                redis == null ? SwitchStores.inProcess(panel) : SwitchStores.inRedis(redis.guard(), namespace, panel);
        return new LiveSwitches(panel, stores, node != null, clock);
    }
}
