package dev.millpond.examples.standings.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millpond.examples.standings.NotFoundException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchIdTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 26, 999_999_999})
    void parse_number_returnsIt(int id) {
        assertThat(MatchId.parse(String.valueOf(id))).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "",
                "2.5",
                "99999999999",
                "+26",
                "-1",
                "\u0662\u0666",
                "2\u0666",
                "026",
                "00",
                " 26",
                "26\n",
                "1234567890"
            })
    void parse_otherText_isNoMatch(String text) {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> MatchId.parse(text))
                .withMessage("There is no match '" + text + "'. Give the number of a group match, such as 26.");
    }
}
