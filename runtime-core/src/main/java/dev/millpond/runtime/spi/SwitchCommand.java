package dev.millpond.runtime.spi;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.SwitchSetting;
import dev.millpond.runtime.SwitchState;
import dev.millpond.runtime.Switches;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sends to change a switch, as texts that may be missing or wrong; immutable.
 *
 * @param name of a switch
 * @param mode as {@link SwitchMode#parse} reads it, or {@code default} to take back what was set, and with keep also
 *     what is kept
 * @param scope "node" or "fleet"
 * @param keep {@code true} to keep it over restarts, or to take back also what is kept; {@code false} or null not to
 * @param by who changes it
 */
public record SwitchCommand(
        @Nullable String name,
        @Nullable String mode,
        @Nullable String scope,
        @Nullable String keep,
        @Nullable String by) {

    private static final String DEFAULT = "default";

    /**
     * Does it, and returns how the switch is on this node then.
     *
     * @throws IllegalArgumentException if something is missing or wrong; the message says what to send
     * @throws dev.millpond.runtime.SwitchException as for {@link Switches#set}
     */
    public SwitchState apply(Switches switches) {
        Switch named = new Switch(needed("name", name, "millpond, cache, cache:<name>, rate-limit or warm-up"));
        String asked = needed("mode", mode, "on, off, 25%, read-only, local-only, or default to take it back")
                .strip()
                .toLowerCase(Locale.ROOT);
        SwitchScope where = whichScope();
        boolean kept = kept();
        String who = needed("by", by, "your name");
        if (asked.equals(DEFAULT)) {
            return kept ? switches.takeBackKept(named, where, who) : switches.takeBack(named, where, who);
        }
        SwitchMode to = SwitchMode.parse(asked);
        return kept ? switches.keep(named, to, where, who) : switches.set(named, to, where, who);
    }

    private SwitchScope whichScope() {
        return switch (needed("scope", scope, "node for this node, or fleet for all")
                .toLowerCase(Locale.ROOT)) {
            case "node" -> SwitchScope.NODE;
            case "fleet" -> SwitchScope.FLEET;
            default ->
                throw new IllegalArgumentException("Property 'scope' must be node, for this node, or fleet, for all.");
        };
    }

    private boolean kept() {
        return switch (keep == null ? "false" : keep.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "Property 'keep' must be true, to keep the switch over restarts, or false.");
        };
    }

    static String needed(String property, @Nullable String value, String meaning) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("Property '" + property + "' is not set. Send " + meaning + ".");
        }
        return value;
    }

    /** Returns a state with texts, truth values and maps alone, as answers show it. */
    public static Map<String, Object> describe(SwitchState state) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", state.which().name());
        members.put("mode", state.mode().toString());
        members.put("configured", state.configured().toString());
        state.node().ifPresent(setting -> members.put("node", describe(setting)));
        state.fleet().ifPresent(setting -> members.put("fleet", describe(setting)));
        members.put("followed", state.followed());
        return members;
    }

    private static Map<String, Object> describe(SwitchSetting setting) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("mode", setting.mode().map(SwitchMode::toString).orElse(DEFAULT));
        members.put("by", setting.by());
        members.put("at", setting.at().toString());
        members.put("kept", setting.kept());
        return members;
    }
}
