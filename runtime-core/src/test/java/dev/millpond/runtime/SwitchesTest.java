package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.internal.RecordedLog;
import dev.millpond.testkit.FakeTicker;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Switches of one process. */
class SwitchesTest {

    private static final Switch STANDINGS = Switch.cache("standings");

    private final FakeTicker clock = new FakeTicker();
    private final Switches switches = Switches.builder().clock(clock).build();

    @Test
    void set_onNode_holdsAtOnceAndTellsWhoAndWhen() {
        Supplier<SwitchMode> cache = switches.follow(STANDINGS, SwitchMode.ON);

        SwitchState state = switches.set(STANDINGS, SwitchMode.READ_ONLY, SwitchScope.NODE, "alice");

        assertThat(cache.get()).isEqualTo(SwitchMode.READ_ONLY);
        assertThat(state).isEqualTo(switches.state(STANDINGS));
        assertThat(state.mode()).isEqualTo(SwitchMode.READ_ONLY);
        assertThat(state.fleet()).isEmpty();
        assertThat(state.node()).hasValueSatisfying(setting -> {
            assertThat(setting.by()).isEqualTo("alice");
            assertThat(setting.at()).isEqualTo(clock.instant());
            assertThat(setting.kept()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "cache:standings, off, off, on, on, on",
        "cache, off, off, off, on, on",
        "cache, 25%, 25%, 25%, on, on",
        "millpond, off, off, off, off, off",
        "rate-limit, off, on, on, off, on",
        "warm-up, off, on, on, on, off"
    })
    void set_oneSwitch_turnsItAndItsPartsOff(
            String name, String mode, String standings, String other, String limits, String warmUp) {
        Supplier<SwitchMode> one = switches.follow(STANDINGS, SwitchMode.ON);
        Supplier<SwitchMode> two = switches.follow(Switch.cache("h2h"), SwitchMode.ON);
        Supplier<SwitchMode> three = switches.follow(Switch.RATE_LIMIT, SwitchMode.ON);
        Supplier<SwitchMode> four = switches.follow(Switch.WARM_UP, SwitchMode.ON);

        switches.set(new Switch(name), SwitchMode.parse(mode), SwitchScope.FLEET, "alice");

        assertThat(one.get()).hasToString(standings);
        assertThat(two.get()).hasToString(other);
        assertThat(three.get()).hasToString(limits);
        assertThat(four.get()).hasToString(warmUp);

        switches.takeBack(new Switch(name), SwitchScope.FLEET, "bob");

        assertThat(switches.states()).allMatch(state -> state.mode().isOn());
    }

    @ParameterizedTest
    @CsvSource({"on, off, off", "off, on, off", "25%, 50%, 25%", "read-only, local-only, 'read-only,local-only'"})
    void set_onNodeAndForFleet_theStricterHolds(String node, String fleet, String result) {
        switches.set(Switch.CACHE, SwitchMode.parse(node), SwitchScope.NODE, "alice");
        switches.set(Switch.CACHE, SwitchMode.parse(fleet), SwitchScope.FLEET, "alice");

        assertThat(switches.state(Switch.CACHE).mode()).hasToString(result);
    }

    @Test
    void set_configuredOff_isOnAtRunTimeUntilTakenBack() {
        Switches configured = Switches.builder()
                .initially(Switch.CACHE, SwitchMode.OFF)
                .initially(STANDINGS, SwitchMode.share(10))
                .build();
        Supplier<SwitchMode> cache = configured.follow(STANDINGS, SwitchMode.READ_ONLY);
        assertThat(cache.get()).isEqualTo(SwitchMode.OFF);

        configured.set(Switch.CACHE, SwitchMode.ON, SwitchScope.FLEET, "alice");
        assertThat(cache.get()).hasToString("10%,read-only");
        assertThat(configured.state(STANDINGS).configured()).hasToString("10%,read-only");

        configured.set(STANDINGS, SwitchMode.ON, SwitchScope.NODE, "alice");
        assertThat(cache.get()).isEqualTo(SwitchMode.ON);

        configured.takeBack(STANDINGS, SwitchScope.NODE, "alice");
        configured.takeBack(Switch.CACHE, SwitchScope.FLEET, "alice");
        assertThat(cache.get()).isEqualTo(SwitchMode.OFF);
    }

    @Test
    void takeBack_whatWasSet_stillTellsWhoAndWhen() {
        switches.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice");

        SwitchState state = switches.takeBack(Switch.CACHE, SwitchScope.NODE, "bob");

        assertThat(state.mode()).isEqualTo(SwitchMode.ON);
        assertThat(state.node()).hasValueSatisfying(setting -> {
            assertThat(setting.mode()).isEmpty();
            assertThat(setting.by()).isEqualTo("bob");
            assertThat(setting.at()).isEqualTo(clock.instant().plusMillis(1)); // the later of two in one moment
        });
    }

    @Test
    void states_nothingSet_tellsAllThatExistOrAreFollowed() {
        switches.follow(STANDINGS, SwitchMode.ON);

        assertThat(switches.states())
                .extracting(state -> state.which().name() + " " + state.followed())
                .containsExactly(
                        "cache true", "cache:standings true", "millpond true", "rate-limit false", "warm-up false");
    }

    @Test
    void set_cacheThatDoesNotExist_tellsThatNobodyGoesByIt() {
        switches.follow(STANDINGS, SwitchMode.ON);

        assertThat(switches.set(Switch.cache("standing"), SwitchMode.OFF, SwitchScope.NODE, "alice")
                        .followed())
                .isFalse();
    }

    @Test
    void set_anySwitch_isLogged() {
        try (RecordedLog log = RecordedLog.ofEverybody()) {
            switches.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "alice");
            switches.takeBack(Switch.CACHE, SwitchScope.FLEET, "bob");

            assertThat(log.lines())
                    .containsExactly(
                            "INFO Switch 'cache' was set to off for the fleet by 'alice'; on this node it is off.",
                            "INFO Switch 'cache' was taken back for the fleet by 'bob'; on this node it is on.");
        }
    }

    @Test
    void takeBack_nothingSet_saysNothing() {
        assertThat(switches.takeBack(STANDINGS, SwitchScope.NODE, "bob").node()).isEmpty();
        assertThat(switches.takeBackKept(STANDINGS, SwitchScope.FLEET, "bob").fleet())
                .isEmpty();
    }

    @Test
    void set_shareOfWhatIsNoCache_isRefused() {
        assertThatThrownBy(() -> switches.set(Switch.RATE_LIMIT, SwitchMode.share(25), SwitchScope.NODE, "alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Switch 'rate-limit' cannot be 25%, must be on or off. Use the switch 'cache' or that of one"
                                + " cache; a share of clients is a mode of rate limits.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u2028b", "a\u2029b", "a\u202eb", "a\u200bb", "a\ufeffb", "a\ud83d"})
    void set_byNobody_isRefused(String by) {
        assertThatThrownBy(() -> switches.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, by))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Who sets a switch has " + by.length() + " characters, must be 1 to 200, not blank and"
                                + " without control characters, formatting characters or line separators. Give the name of a person or a job, such as 'alice'.");
    }

    @Test
    void keep_withoutRedis_isRefused() {
        assertThatThrownBy(() -> switches.keep(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "alice"))
                .isInstanceOf(SwitchException.class)
                .hasMessage("Switch 'cache' cannot be kept over restarts: there is no Redis to keep it in. Set it"
                        + " without that, and change the configuration.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caches", "cache:", "cache:a b", ""})
    void switch_otherName_isRefused(String name) {
        assertThatThrownBy(() -> new Switch(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
