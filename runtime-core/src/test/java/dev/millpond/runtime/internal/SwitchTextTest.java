package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchSetting;
import dev.millpond.runtime.spi.UnreadableStateException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwitchTextTest {

    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final SwitchText TEXT = new SwitchText(true);

    /** What is stored is read by nodes of all versions: a change of it needs another format number. */
    private static final String STORED = """
            millpond-switches 1 version 1795780800002
            fleet cache 25%,read-only 2026-11-27T12:00:00Z alice+%28on+call%29
            fleet rate-limit default 2026-11-27T12:00:00.001Z bob
            node:shop-1 cache:standings off 2026-11-27T12:00:00Z %C3%89mile
            """;

    private static SwitchBook book() {
        return SwitchBook.EMPTY
                .with("fleet", Switch.CACHE, setting("25%,read-only", "alice (on call)", NOON), NOON)
                .with("node:shop-1", Switch.cache("standings"), setting("off", "Émile", NOON), NOON)
                .with(
                        "fleet",
                        Switch.RATE_LIMIT,
                        new SwitchSetting(Optional.empty(), "bob", NOON.plusMillis(1), true),
                        NOON);
    }

    private static SwitchSetting setting(String mode, String by, Instant at) {
        return new SwitchSetting(Optional.of(SwitchMode.parse(mode)), by, at, true);
    }

    @Test
    void write_everything_isAsItWasStoredEver() {
        assertThat(TEXT.write(book())).isEqualTo(STORED);
    }

    @Test
    void read_everything_isWhatWasWritten() throws UnreadableStateException {
        assertThat(TEXT.read(STORED)).isEqualTo(book());
        assertThat(TEXT.read(TEXT.write(SwitchBook.EMPTY))).isEqualTo(SwitchBook.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fleet teleport off 2026-11-27T12:00:00Z alice",
                "fleet cache sideways 2026-11-27T12:00:00Z alice",
                "fleet cache off 2026-11-27T12:00:00Z alice until 2027",
                "region:eu cache off 2026-11-27T12:00:00Z alice",
                "fleet cache off yesterday alice",
                "fleet cache off 2026-11-27T12:00:00Z a%0Ab"
            })
    void read_lineThatIsNotKnown_isKept(String line) throws UnreadableStateException {
        String stored = STORED + line + "\n";

        SwitchBook read = TEXT.read(stored);

        assertThat(read.settings()).isEqualTo(book().settings());
        assertThat(read.unknown()).containsExactly(line);
        assertThat(TEXT.write(read).lines())
                .containsExactlyInAnyOrderElementsOf(stored.lines().toList());
    }

    @Test
    void read_otherFormat_isRefused() {
        assertThatThrownBy(() -> TEXT.read("millpond-switches 2 version 5\n"))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessage("they have format 2, and this node knows format 1");
        assertThatThrownBy(() -> TEXT.read("")).hasMessage("they do not begin with 'millpond-switches'");
    }

    private static SwitchBook full(String owner, String mode) {
        SwitchBook book = SwitchBook.EMPTY;
        for (int i = 0; i < SwitchBook.MOST_SETTINGS; i++) {
            book = book.with(owner, Switch.cache("c" + i), setting(mode, "alice", NOON.plusMillis(i)), NOON);
        }
        return book;
    }

    private static SwitchSetting takenBack(Instant at) {
        return new SwitchSetting(Optional.empty(), "bob", at, true);
    }

    @Test
    void with_veryManySingleCaches_areRefusedWithWhatToDoAndThatWorks() {
        SwitchBook full = full("fleet", "off");
        SwitchSetting off = setting("off", "alice", NOON);

        assertThat(full.with("fleet", Switch.cache("c1"), off, NOON).settings()).hasSize(1_000);
        assertThatThrownBy(() -> full.with("fleet", Switch.cache("one-more"), off, NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Switch 'cache:one-more' was not set: 1000 switches of single caches are set already, which"
                        + " is the most. Set 'cache' in their place, or take back some of them.");

        assertThat(full.with("fleet", Switch.CACHE, off, NOON).get("fleet", Switch.CACHE))
                .isEqualTo(off);
        assertThat(full.with("fleet", Switch.cache("c1"), takenBack(NOON), NOON)
                        .with("fleet", Switch.cache("one-more"), off, NOON)
                        .get("fleet", Switch.cache("one-more")))
                .isEqualTo(off);
    }

    @Test
    void with_fullOfWhatWasTakenBack_dropsTheOldestOfThat() {
        SwitchBook book = full("fleet", "off")
                .with("fleet", Switch.cache("c5"), takenBack(NOON.plusSeconds(2)), NOON)
                .with("fleet", Switch.cache("c7"), takenBack(NOON.plusSeconds(1)), NOON);

        SwitchBook one = book.with("fleet", Switch.cache("x1"), setting("off", "alice", NOON), NOON);
        assertThat(one.settings()).hasSize(1_000);
        assertThat(one.get("fleet", Switch.cache("c7"))).isNull();
        assertThat(one.get("fleet", Switch.cache("c5"))).isNotNull();

        SwitchBook two = one.with("fleet", Switch.cache("x2"), setting("off", "alice", NOON), NOON);
        assertThat(two.get("fleet", Switch.cache("c5"))).isNull();
        assertThat(two.get("fleet", Switch.cache("c6"))).isNotNull();
    }

    /** Names of nodes in containers differ after each restart. */
    @Test
    void with_veryManyNodes_areRefusedAndTheFleetIsNot() {
        SwitchSetting off = setting("off", "alice", NOON);
        SwitchBook book = SwitchBook.EMPTY;
        for (int i = 0; i < SwitchBook.MOST_SETTINGS; i++) {
            book = book.with("node:shop-" + i, Switch.CACHE, off, NOON);
        }
        SwitchBook full = book;

        assertThatThrownBy(() -> full.with("node:one-more", Switch.CACHE, off, NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Switch 'cache' was not set: 1000 switches of nodes are kept already, which is the most. Set"
                                + " it without keeping it, or for the fleet.");
        for (Switch general : List.of(Switch.MILLPOND, Switch.CACHE, Switch.RATE_LIMIT, Switch.WARM_UP)) {
            assertThat(full.with("fleet", general, off, NOON).get("fleet", general))
                    .isEqualTo(off);
        }
    }
}
