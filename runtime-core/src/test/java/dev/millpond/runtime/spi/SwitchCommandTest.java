package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchState;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwitchCommandTest {

    private final Switches switches = Switches.builder().clock(new FakeTicker()).build();

    @Test
    void apply_modeAndDefault_setsAndTakesBack() {
        SwitchState set = new SwitchCommand("cache:standings", "Bypass", "FLEET", null, "alice").apply(switches);
        assertThat(SwitchCommand.describe(set))
                .isEqualTo(Map.of(
                        "name", "cache:standings",
                        "mode", "off",
                        "configured", "on",
                        "fleet", Map.of("mode", "off", "by", "alice", "at", "2026-01-01T00:00:00Z", "kept", false),
                        "followed", false));

        SwitchState back = new SwitchCommand("cache:standings", "default", "fleet", "false", "bob").apply(switches);
        assertThat(back.mode()).isEqualTo(SwitchMode.ON);
        assertThat(SwitchCommand.describe(back).get("fleet"))
                .isEqualTo(Map.of("mode", "default", "by", "bob", "at", "2026-01-01T00:00:00.001Z", "kept", false));

        SwitchState all = new SwitchCommand("cache:standings", "default", "fleet", "true", "carol").apply(switches);
        assertThat(all).isEqualTo(back); // nothing is left to take back
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "-|off|node|-|alice|Property 'name' is not set. Send millpond, cache, cache:<name>, rate-limit or"
                        + " warm-up.",
                "cache|-|node|-|alice|Property 'mode' is not set. Send on, off, 25%, read-only, local-only, or default to"
                        + " take it back.",
                "cache|off|-|-|alice|Property 'scope' is not set. Send node for this node, or fleet for all.",
                "cache|off|all|-|alice|Property 'scope' must be node, for this node, or fleet, for all.",
                "cache|off|node|yes|alice|Property 'keep' must be true, to keep the switch over restarts, or false.",
                "cache|off|node|-|-|Property 'by' is not set. Send your name.",
                "cash|off|node|-|alice|Switch 'cash' does not exist. Use millpond, cache, rate-limit, warm-up, or cache:"
                        + " and the name of a cache, such as cache:standings."
            })
    void apply_missingOrWrong_saysWhatToSend(
            @Nullable String name,
            @Nullable String mode,
            @Nullable String scope,
            @Nullable String keep,
            @Nullable String by,
            String message) {
        assertThatThrownBy(() -> new SwitchCommand(name, mode, scope, keep, by).apply(switches))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThat(switches.state(Switch.CACHE).node()).isEmpty();
    }
}
