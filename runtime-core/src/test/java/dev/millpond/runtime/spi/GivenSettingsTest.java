package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenSettingsTest {

    private final GivenSettings given = new GivenSettings("Cache 'standings'");

    @Test
    void once_differentSettings_returnsTheirValues() {
        assertThat(given.once("jitter", 0.2)).isEqualTo(0.2);
        assertThat(given.once("enabled", true)).isTrue();
    }

    @Test
    void once_givenBefore_isRefused() {
        given.once("jitter", 0.2);

        assertThatIllegalStateException()
                .isThrownBy(() -> given.once("jitter", 0.2))
                .withMessage("Cache 'standings': jitter was set twice. Set it once.");
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake under test.
    void once_null_isRefusedAndCanStillBeSet() {
        assertThatNullPointerException()
                .isThrownBy(() -> given.once("keyFormat", null))
                .withMessage("Cache 'standings': keyFormat is null. Leave it out for its default.");
        assertThat(given.once("keyFormat", "plain")).isEqualTo("plain");
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake under test.
    void notNull_nullWithoutADefault_isRefusedWithTheFix() {
        assertThatNullPointerException()
                .isThrownBy(() -> given.notNull("loader", null, "Give one, or use build()."))
                .withMessage("Cache 'standings': loader is null. Give one, or use build().");
        assertThat(given.notNull("loader", "any", "Give one.")).isEqualTo("any");
    }

    @Test
    void name_fitForKeys_isReturned() {
        assertThat(GivenSettings.name("Cache name", "Euro_2024.a-b")).isEqualTo("Euro_2024.a-b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "{a}", "a*", "ä"})
    void name_unfitForKeys_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GivenSettings.name("Cache name", name))
                .withMessage(
                        "Cache name is '" + name + "', must be 1 to 64 letters, digits, dots, hyphens or underscores."
                                + " Choose a name such as 'standings'.");
    }
}
