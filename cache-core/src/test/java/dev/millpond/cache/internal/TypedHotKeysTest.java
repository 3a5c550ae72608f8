package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TypedHotKeysTest {

    private static final String LONGEST = "ü".repeat(256);

    private static TypedHotKeys<String> hotKeys(KeyText keyText, String... stored) {
        return new TypedHotKeys<>(keyText, 3, () -> List.of(stored));
    }

    private static TypedHotKeys<String> formatted(String... stored) {
        return hotKeys(new KeyText("teams", String::valueOf), stored);
    }

    /** Nodes without the key format, or other programs, may have written to the same set. */
    @Test
    void texts_notWrittenByTheKeyFormat_areLeftOut() {
        TypedHotKeys<String> hotKeys =
                formatted("39:%-", "%.", "50%", "a%zz", "%4", "%D8", "%+5", "%41", "{39}", "over%20all:%7B39%7D", "");

        assertThat(hotKeys.texts()).containsExactly("over all:{39}", "");
        assertThat(hotKeys.as(Optional::of)).containsExactly("over all:{39}", "");
    }

    @Test
    void texts_longerThan512Bytes_areLeftOut() {
        assertThat(formatted(LONGEST, LONGEST + "x").texts()).containsExactly(LONGEST);
        TypedHotKeys<String> plain = hotKeys(new KeyText("teams", null), LONGEST, LONGEST + "x");
        assertThat(plain.texts()).containsExactly(LONGEST);
        assertThat(plain.as(String.class)).containsExactly(LONGEST);
        assertThat(plain.as(Optional::of)).containsExactly(LONGEST);
    }
}
