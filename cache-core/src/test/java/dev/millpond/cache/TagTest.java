package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class TagTest {

    @Test
    void of_nameAndValue_joinsThem() {
        assertThat(Tag.of("league", 39)).isEqualTo(new Tag("league:39"));
        assertThat(Tag.of("league", "x")).isNotEqualTo(new Tag("league:39"));
    }

    @Test
    void create_emptyText_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tag(""))
                .withMessage("Tag '' is empty. Give it a value such as 'team:39'.");
    }

    @Test
    @SuppressWarnings("NullAway") // What a caller without null checks does.
    void create_null_isRefused() {
        assertThatNullPointerException().isThrownBy(() -> new Tag(null)).withMessage("value");
    }
}
