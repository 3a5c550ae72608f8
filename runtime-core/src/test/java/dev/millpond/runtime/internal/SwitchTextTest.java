package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchSetting;
import dev.millpond.runtime.spi.UnreadableStateException;
import java.time.Instant;
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

    @Test
    void with_veryManySettings_areRefused() {
        SwitchBook book = SwitchBook.EMPTY;
        for (int i = 0; i < SwitchBook.MOST_SETTINGS; i++) {
            book = book.with("fleet", Switch.cache("c" + i), setting("off", "alice", NOON), NOON);
        }
        SwitchBook full = book;

        assertThat(full.with("fleet", Switch.cache("c1"), setting("on", "alice", NOON), NOON)
                        .settings())
                .hasSize(1_000);
        assertThatThrownBy(() -> full.with("fleet", Switch.CACHE, setting("off", "alice", NOON), NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Switch 'cache' was not set: 1000 settings are stored already, which is the most. Set"
                        + " 'cache' in place of single caches, or delete the key with the switches in Redis.");
    }
}
