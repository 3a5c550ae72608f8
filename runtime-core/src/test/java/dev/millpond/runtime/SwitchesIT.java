package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.RedisExtension;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Switches of several nodes, while Redis is there and while it is not. */
class SwitchesIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
    private static final Duration PROMISED = Duration.ofSeconds(2);
    private static final int CHANGES = 5;

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private final RedisConnection connection = PatientRedis.connect(REDIS.url());
    private final RedisConnection otherConnection = PatientRedis.connect(REDIS.url());
    private final List<Switches> nodes = new ArrayList<>();

    @AfterEach
    void repair() {
        nodes.forEach(Switches::close);
        connection.close();
        otherConnection.close();
        if (REDIS.server().controllable()) {
            REDIS.server().start();
        }
        REDIS.server().command("ACL", "SETUSER", "default", "allchannels");
        REDIS.server().flush();
    }

    private Switches node(RedisConnection redis, String name) {
        Switches node =
                Switches.builder().redis(redis).namespace("shop").node(name).build();
        nodes.add(node);
        return node;
    }

    private static void eventually(Runnable assertion) {
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(10)).untilAsserted(assertion::run);
    }

    private static void eventually(Supplier<SwitchMode> actual, SwitchMode expected) {
        eventually(() -> assertThat(actual.get()).isEqualTo(expected));
    }

    private static String modeOf(Switches node, Switch which) {
        return node.state(which).mode().toString();
    }

    @Test
    void set_forFleet_holdsOnTheOtherNodeWithinTheTimePromised() {
        assertEachChangeInTime();
    }

    @Test
    void set_forFleetAndAllMessagesLost_holdsOnTheOtherNodeWithinTheTimePromised() {
        REDIS.server().command("ACL", "SETUSER", "default", "resetchannels");

        assertEachChangeInTime();
    }

    /** The other node looks each second, for half a second at most; only a machine that stands still takes longer. */
    private void assertEachChangeInTime() {
        Switches one = node(connection, "one");
        Supplier<SwitchMode> two = node(otherConnection, "two").follow(Switch.cache("standings"), SwitchMode.ON);
        try (Standstills standstills = Standstills.watch()) {
            for (int i = 1; i <= CHANGES; i++) {
                SwitchMode mode = SwitchMode.share(10 * i);
                Duration before = standstills.total();
                one.set(Switch.CACHE, mode, SwitchScope.FLEET, "alice");
                long begun = System.nanoTime();
                eventually(two, mode);
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as("change %s of %s", i, CHANGES)
                        .isLessThanOrEqualTo(PROMISED.plus(standstills.total().minus(before)));
            }
        }
    }

    @Test
    void set_forFleetOnBothNodes_bothChangesStay() {
        Switches one = node(connection, "one");
        Switches two = node(otherConnection, "two");

        one.set(Switch.RATE_LIMIT, SwitchMode.OFF, SwitchScope.FLEET, "alice");
        two.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.FLEET, "bob");

        for (Switches node : nodes) {
            eventually(() -> assertThat(modeOf(node, Switch.RATE_LIMIT) + " " + modeOf(node, Switch.WARM_UP))
                    .isEqualTo("off off"));
        }
        assertThat(one.state(Switch.WARM_UP).fleet())
                .isEqualTo(two.state(Switch.WARM_UP).fleet());
    }

    @Test
    void set_onNode_leavesTheOthersAlone() {
        Switches one = node(connection, "one");
        Switches two = node(otherConnection, "two");

        one.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice");
        one.keep(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice");
        one.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.FLEET, "alice");

        eventually(() -> assertThat(modeOf(two, Switch.WARM_UP)).isEqualTo("off"));
        assertThat(two.state(Switch.CACHE).mode()).isEqualTo(SwitchMode.ON);
    }

    @Test
    void keep_restart_holdsAgainWhereItWasSet() {
        Switches before = node(connection, "one");
        before.keep(Switch.CACHE, SwitchMode.READ_ONLY, SwitchScope.NODE, "alice");
        before.keep(Switch.RATE_LIMIT, SwitchMode.OFF, SwitchScope.FLEET, "alice");
        before.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.NODE, "alice");
        before.close();

        Switches one = node(connection, "one");
        Switches two = node(otherConnection, "two");

        eventually(() -> assertThat(modeOf(one, Switch.RATE_LIMIT)).isEqualTo("off"));
        eventually(() -> assertThat(modeOf(two, Switch.RATE_LIMIT)).isEqualTo("off"));
        assertThat(one.state(Switch.CACHE).mode()).isEqualTo(SwitchMode.READ_ONLY);
        assertThat(one.state(Switch.CACHE).node())
                .get()
                .extracting(SwitchSetting::kept)
                .isEqualTo(true);
        assertThat(two.state(Switch.CACHE).mode()).isEqualTo(SwitchMode.ON);
        assertThat(one.state(Switch.WARM_UP).mode()).isEqualTo(SwitchMode.ON);

        one.takeBackKept(Switch.CACHE, SwitchScope.NODE, "bob");
        one.close();
        Switches again = node(connection, "one");
        eventually(() -> assertThat(modeOf(again, Switch.RATE_LIMIT)).isEqualTo("off"));
        assertThat(again.state(Switch.CACHE).mode()).isEqualTo(SwitchMode.ON);
    }

    @Test
    void set_forFleetWithoutKeeping_holdsForNodesThatStartAndEndsAfterTheLastOne() {
        Switches one = node(connection, "one");
        one.keep(Switch.CACHE, SwitchMode.share(50), SwitchScope.FLEET, "alice");
        one.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "alice");
        Switches two = node(otherConnection, "two");
        eventually(() -> assertThat(modeOf(two, Switch.CACHE)).isEqualTo("off"));

        one.close();
        two.close();
        assertThat((Long) REDIS.server().command("PTTL", "shop:switches-running"))
                .isBetween(1L, 60_000L);
        REDIS.server().command("DEL", "shop:switches-running"); // as it ends by itself

        Switches nextFleet = node(connection, "one");
        eventually(() -> assertThat(modeOf(nextFleet, Switch.CACHE)).isEqualTo("50%"));
    }

    @Test
    void takeBack_setDuringARollOut_whatIsKeptHoldsAgain() {
        Switches one = node(connection, "one");
        Switches two = node(otherConnection, "two");
        one.keep(Switch.CACHE, SwitchMode.share(25), SwitchScope.FLEET, "alice");
        one.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "bob");

        SwitchState back = two.takeBack(Switch.CACHE, SwitchScope.FLEET, "bob");

        assertThat(back.fleet())
                .hasValueSatisfying(
                        setting -> assertThat(setting.by() + setting.kept()).isEqualTo("alicetrue"));
        for (Switches node : nodes) {
            eventually(() -> assertThat(modeOf(node, Switch.CACHE)).isEqualTo("25%"));
        }
        assertThat(one.takeBackKept(Switch.CACHE, SwitchScope.FLEET, "bob").mode())
                .isEqualTo(SwitchMode.ON);
        eventually(() -> assertThat(modeOf(two, Switch.CACHE)).isEqualTo("on"));
    }

    @Test
    void keep_afterSet_replacesIt() {
        Switches one = node(connection, "one");
        Switches two = node(otherConnection, "two");
        one.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "alice");
        one.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice");

        one.keep(Switch.CACHE, SwitchMode.share(25), SwitchScope.NODE, "bob");
        assertThat(one.keep(Switch.CACHE, SwitchMode.share(50), SwitchScope.FLEET, "bob")
                        .mode())
                .hasToString("25%");
        eventually(() -> assertThat(modeOf(two, Switch.CACHE)).isEqualTo("50%"));
    }

    /** The first request may come before the first look at Redis. */
    @Test
    void takeBackKept_onANodeThatHasJustStarted_takesBackWhatIsKept() {
        Switches one = node(connection, "one");
        one.keep(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "alice");

        assertThat(node(otherConnection, "two")
                        .takeBackKept(Switch.CACHE, SwitchScope.FLEET, "bob")
                        .mode())
                .isEqualTo(SwitchMode.ON);

        eventually(() -> assertThat(modeOf(one, Switch.CACHE)).isEqualTo("on"));
        assertThat((String) REDIS.server().command("GET", "shop:switches")).contains("\nfleet cache default ");
    }

    @Test
    void set_afterANodeWhoseClockIsAhead_holds() {
        Switches ahead = Switches.builder()
                .redis(connection)
                .namespace("shop")
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(30)))
                .build();
        nodes.add(ahead);
        SwitchSetting first = ahead.keep(Switch.CACHE, SwitchMode.ON, SwitchScope.FLEET, "alice")
                .fleet()
                .orElseThrow();

        Switches two = node(otherConnection, "two");
        two.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "bob");

        two.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.FLEET, "bob");
        two.keep(Switch.RATE_LIMIT, SwitchMode.OFF, SwitchScope.FLEET, "bob");
        for (Switches node : nodes) {
            eventually(() -> assertThat(modeOf(node, Switch.RATE_LIMIT) + modeOf(node, Switch.WARM_UP))
                    .isEqualTo("offoff"));
            assertThat(modeOf(node, Switch.CACHE)).isEqualTo("off");
        }
        assertThat(two.keep(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "bob")
                        .fleet()
                        .orElseThrow()
                        .at())
                .isEqualTo(first.at().plusMillis(1));
    }

    @Test
    void set_redisLosesEverything_isStoredAgain() {
        Switches one = node(connection, "one");
        one.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.FLEET, "alice");
        one.keep(Switch.RATE_LIMIT, SwitchMode.OFF, SwitchScope.FLEET, "alice");

        REDIS.server().flush();

        Switches two = node(otherConnection, "two");
        eventually(() -> assertThat(modeOf(two, Switch.CACHE) + " " + modeOf(two, Switch.RATE_LIMIT))
                .isEqualTo("off off"));
        assertThat(modeOf(one, Switch.CACHE)).isEqualTo("off");
    }

    @Test
    void set_redisAway_worksOnTheNodeAndTheFleetStaysAsItWas() {
        assumeThat(REDIS.server().controllable()).isTrue();
        Switches one = node(connection, "one");
        one.set(Switch.RATE_LIMIT, SwitchMode.OFF, SwitchScope.FLEET, "alice");
        one.keep(Switch.CACHE, SwitchMode.share(25), SwitchScope.NODE, "alice");
        REDIS.server().stop();

        assertThat(one.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice")
                        .mode())
                .isEqualTo(SwitchMode.OFF);
        assertThatThrownBy(() -> one.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.FLEET, "alice"))
                .isInstanceOf(SwitchException.class)
                .hasMessageStartingWith(
                        "Switch 'warm-up': Switches under 'shop:switches-running' may not have been changed: ");
        assertThat(modeOf(one, Switch.WARM_UP)).isEqualTo("on");
        assertThat(modeOf(one, Switch.RATE_LIMIT)).isEqualTo("off");
        assertThat(one.takeBack(Switch.CACHE, SwitchScope.NODE, "alice").mode()).hasToString("25%");

        one.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice");
        assertThatThrownBy(() -> one.takeBackKept(Switch.CACHE, SwitchScope.NODE, "alice"))
                .isInstanceOf(SwitchException.class)
                .hasMessageStartingWith("Switch 'cache': Switches under 'shop:switches' may not have been changed: ")
                .hasMessageEndingWith(" What was set without keeping it was taken back, and what is kept may hold.");
        assertThat(modeOf(one, Switch.CACHE)).isEqualTo("25%");

        REDIS.server().start(); // empty
        Switches two = node(otherConnection, "two");
        eventually(() -> assertThat(modeOf(two, Switch.RATE_LIMIT)).isEqualTo("off"));
        two.takeBack(Switch.RATE_LIMIT, SwitchScope.FLEET, "bob");
        eventually(() -> assertThat(modeOf(one, Switch.RATE_LIMIT)).isEqualTo("on"));
    }

    @Test
    void keep_onNodeWithoutName_isRefused() {
        Switches nameless = Switches.builder().redis(connection).build();
        nodes.add(nameless);

        assertThatThrownBy(() -> nameless.keep(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Switch 'cache' cannot be kept over restarts of this node: the node has no name. Give it one"
                                + " by Switches.builder().node(...) or 'millpond.node-name', or keep the switch for the fleet.");
    }
}
