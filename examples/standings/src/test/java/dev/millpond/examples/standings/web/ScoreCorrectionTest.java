package dev.millpond.examples.standings.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millpond.examples.standings.InvalidInputException;
import dev.millpond.examples.standings.Score;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class ScoreCorrectionTest {

    private static final String FIX = ", must be 0 to 99. Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.";

    /** As strict as those of both applications about members. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"homeGoals\":0,\"awayGoals\":99}",
                " {\"awayGoals\" : 99 , \"homeGoals\" : 0} ",
            })
    void toScore_bothGoals_isTheScore(String json) {
        assertThat(read(json).toScore()).isEqualTo(new Score(0, 99));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | homeGoals is missing",
                "{\"awayGoals\":1} | homeGoals is missing",
                "{\"homeGoals\":null,\"awayGoals\":1} | homeGoals is missing",
                "{\"homeGoals\":1} | awayGoals is missing",
                "{\"homeGoals\":1,\"awayGoals\":null} | awayGoals is missing",
                "{\"homeGoals\":-1,\"awayGoals\":1} | homeGoals is -1",
                "{\"homeGoals\":1,\"awayGoals\":100} | awayGoals is 100",
            })
    void toScore_goalsMissingOrOutOfRange_isRefusedWithTheFix(String json, String problem) {
        ScoreCorrection correction = read(json);

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(correction::toScore)
                .withMessage(problem + FIX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"homeGoals\":1,\"awayGoals\":1,\"referee\":\"?\"}",
                "{\"homeGoals\":1,\"awayGoals\":1,\"score\":{\"homeGoals\":2}}",
                "{\"homeGoals\":1,\"awayGoals\":1,\"homegoals\":2}",
                "{\"homeGoals\":0,\"homeGoals\":5,\"awayGoals\":1}",
                "{\"homeGoals\":1,\"awayGoals\":1,\"awayGoals\":1}",
            })
    void read_unknownOrDuplicateMember_isRefused(String json) {
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read(json));
    }

    @Test
    void malformed_told_hasTheFix() {
        assertThat(ScoreCorrection.MALFORMED)
                .isEqualTo("The body is not a score in JSON. Send a score such as {\"homeGoals\":1,\"awayGoals\":1}.");
    }

    private static ScoreCorrection read(String json) {
        return MAPPER.readValue(json, ScoreCorrection.class);
    }
}
