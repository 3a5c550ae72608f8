package dev.millpond.examples.servlet;

import dev.millpond.examples.standings.InvalidInputException;
import dev.millpond.examples.standings.Score;
import dev.millpond.examples.standings.web.ScoreCorrection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes bodies. */
final class Json {

    // A score of 1.5 or "1", a goal given twice or a member that means nothing is a mistake of the client.
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    static Score readScore(HttpServletRequest request) throws IOException {
        @Nullable ScoreCorrection correction = parse(request.getInputStream().readAllBytes());
        if (correction == null) {
            throw new InvalidInputException(ScoreCorrection.MALFORMED);
        }
        return correction.toScore();
    }

    private static @Nullable ScoreCorrection parse(byte[] body) {
        try {
            return MAPPER.readValue(body, ScoreCorrection.class);
        } catch (JacksonException e) {
            throw new InvalidInputException(ScoreCorrection.MALFORMED);
        }
    }

    static void write(HttpServletResponse response, String contentType, Object body) throws IOException {
        byte[] bytes = MAPPER.writeValueAsBytes(body);
        response.setContentType(contentType);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
