package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DigestsTest {

    /** The published test vectors of SHA-256, cut to 128 bits. */
    @Test
    void of_knownTexts_isTheBeginningOfTheirSha256() {
        assertThat(Digests.of("")).isEqualTo("47DEQpj8HBSa-_TImW-5JA");
        assertThat(Digests.of("abc")).isEqualTo("ungWv48Bz-pBQUDeXa4iIw");
    }

    @Test
    void of_textOutsideAscii_isDigestedAsUtf8() {
        assertThat(Digests.of("\u00fc"))
                .hasSize(22)
                .isNotEqualTo(Digests.of("u"))
                .isNotEqualTo(Digests.of("?"));
    }

    @Test
    void of_longText_has22SafeCharacters() {
        assertThat(Digests.of("x".repeat(100_000))).matches("[A-Za-z0-9_-]{22}");
    }
}
