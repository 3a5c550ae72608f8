package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.ratelimit.RateLimitMode.Kind;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitModeTest {

    private static final List<String> DIGESTS = IntStream.range(0, 10_000)
            .mapToObj(i -> String.format("4xDq2VJ1mZ0d6yUe9t%04d", i))
            .toList();

    @ParameterizedTest
    @CsvSource({
        "off, off",
        "shadow, shadow",
        "enforce, enforce",
        "25%, 25%",
        "' Enforce ', enforce",
        "0%, shadow",
        "100 %, enforce"
    })
    void parse_aMode_readsWhatItsTextSays(String text, String normal) {
        assertThat(RateLimitMode.parse(text)).hasToString(normal);
        assertThat(RateLimitMode.parse(normal)).isEqualTo(RateLimitMode.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "on", "101%", "-1%", "25", "2.5%"})
    void parse_somethingElse_isRefusedWithWhatThereIs(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitMode.parse(text))
                .withMessage("Rate-limit mode '" + text
                        + "' does not exist. Use off, shadow, enforce, or a share of the clients such as 25%.");
    }

    @Test
    void enforceFor_outOfRange_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitMode.enforceFor(101))
                .withMessage("Rate-limit mode enforce has a share of 101 percent, must be 1 to 100. Use for example"
                        + " RateLimitMode.enforceFor(25).");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimitMode(Kind.SHADOW, 5))
                .withMessage("Rate-limit mode shadow has a share of 5 percent, must be 0. Use for example"
                        + " RateLimitMode.enforceFor(25).");
    }

    @Test
    void kindFor_wholeModes_isTheSameForAll() {
        assertThat(DIGESTS)
                .allMatch(digest -> RateLimitMode.OFF.kindFor(digest) == Kind.OFF
                        && RateLimitMode.SHADOW.kindFor(digest) == Kind.SHADOW
                        && RateLimitMode.ENFORCE.kindFor(digest) == Kind.ENFORCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 25, 50, 99})
    void kindFor_aShare_enforcesAboutThatManyAndWatchesTheOthers(int percent) {
        RateLimitMode mode = RateLimitMode.enforceFor(percent);

        assertThat(DIGESTS).allMatch(digest -> mode.kindFor(digest) != Kind.OFF);
        assertThat(DIGESTS.stream()
                        .filter(digest -> mode.kindFor(digest) == Kind.ENFORCE)
                        .count())
                .isBetween(percent * 80L, percent * 120L);
    }

    @Test
    void kindFor_aLargerShare_keepsWhoWasInTheSmallerOne() {
        assertThat(DIGESTS)
                .filteredOn(digest -> RateLimitMode.enforceFor(10).kindFor(digest) == Kind.ENFORCE)
                .isNotEmpty()
                .allMatch(digest -> RateLimitMode.enforceFor(30).kindFor(digest) == Kind.ENFORCE);
    }

    @Test
    void kindFor_oneDigest_isTheSameOnAllNodesAndVersions() {
        assertThat(RateLimitMode.enforceFor(66).kindFor("ZahwCovbM8neuGJylybfip"))
                .isEqualTo(Kind.ENFORCE);
        assertThat(RateLimitMode.enforceFor(65).kindFor("ZahwCovbM8neuGJylybfip"))
                .isEqualTo(Kind.SHADOW);
    }
}
