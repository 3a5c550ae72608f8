package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwitchModeTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "on, on",
                "OFF, off",
                "bypass, off",
                "0%, off",
                "100%, on",
                "25%, 25%",
                "read-only, read-only",
                "\" Local-Only \", local-only",
                "\"25%, read-only\", \"25%,read-only\"",
                "\"local-only,read-only\", \"read-only,local-only\"",
                "\"off,read-only\", off"
            })
    void parse_text_isWrittenInOneWay(String text, String written) {
        SwitchMode mode = SwitchMode.parse(text);

        assertThat(mode).hasToString(written).isEqualTo(SwitchMode.parse(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "maybe", "101%", "-1%", "on off", "25"})
    void parse_otherText_isRefused(String text) {
        assertThatThrownBy(() -> SwitchMode.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Mode '" + text + "' of a switch does not exist. Use on, off, a share such as 25%,"
                        + " read-only or local-only.");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 101})
    void share_outOfRange_isRefused(int percent) {
        assertThatThrownBy(() -> SwitchMode.share(percent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Mode of a switch has a share of " + percent + " percent, must be 0 to 100. Use on, off, a"
                        + " share such as 25%, read-only or local-only.");
    }

    @Test
    void and_twoModes_isTheStricterInEachRespect() {
        assertThat(SwitchMode.share(25).and(SwitchMode.READ_ONLY)).hasToString("25%,read-only");
        assertThat(SwitchMode.LOCAL_ONLY.and(SwitchMode.OFF)).isEqualTo(SwitchMode.OFF);
        assertThat(SwitchMode.ON.and(SwitchMode.ON).isOn()).isTrue();
    }

    @Test
    void covers_growingShare_keepsWhatItHas() {
        IntStream.range(-1_000, 1_000).forEach(hash -> {
            assertThat(SwitchMode.OFF.covers(hash)).isFalse();
            assertThat(SwitchMode.ON.covers(hash)).isTrue();
            if (SwitchMode.share(25).covers(hash)) {
                assertThat(SwitchMode.share(26).covers(hash)).isTrue();
            }
        });
        assertThat(IntStream.range(0, 1_000).filter(SwitchMode.share(25)::covers))
                .hasSize(250);
    }
}
