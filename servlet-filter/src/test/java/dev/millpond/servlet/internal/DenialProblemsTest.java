package dev.millpond.servlet.internal;

import static dev.millpond.servlet.FakeRateLimiter.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.Tier;
import dev.millpond.servlet.FakeResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DenialProblemsTest {

    private final FakeResponse response = new FakeResponse();

    private JsonNode send(RateLimitDecision decision) throws IOException {
        DenialProblems.of(decision).send(response);
        return new JsonMapper().readTree(response.body());
    }

    private static RateLimitDecision degraded(Optional<Duration> retryAfter) {
        return new RateLimitDecision(Outcome.DENIED_DEGRADED, Tier.FREE, 0, Optional.empty(), retryAfter);
    }

    @Test
    void denied_freeTier_isTheDocumentToTheLetter() throws IOException {
        DenialProblems.of(denied(Tier.FREE, 0, Duration.ofSeconds(6), Duration.ofSeconds(6)))
                .send(response);

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.seen("Retry-After")).containsExactly("6");
        assertThat(response.seen("Cache-Control")).containsExactly("no-store");
        assertThat(response.seen("Content-Type")).containsExactly("application/problem+json");
        assertThat(response.seen("Content-Length"))
                .containsExactly(Integer.toString(response.body().length()));
        assertThat(response.body())
                .isEqualTo("{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\","
                        + "\"title\":\"Request cannot be satisfied as assigned quota has been exceeded\","
                        + "\"status\":429,"
                        + "\"detail\":\"Plan free allows 10 requests per 60 s plus a burst of 2. Retry in 6 s.\","
                        + "\"violated-policies\":[\"free\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 'at least one second'",
        "0, 0, 1, 'at least one second'",
        "5001, 5001, 6, 'rounded up'",
        "6000, 12000, 12, 'the cost is more than one token'",
        "6000, 3000, 6, 'never before the t of RateLimit'"
    })
    void denied_retryAfter_isWholeSecondsUp(long nextMillis, long retryMillis, String expected, String reason)
            throws IOException {
        send(denied(Tier.FREE, 0, Duration.ofMillis(nextMillis), Duration.ofMillis(retryMillis)));

        assertThat(response.seen("Retry-After")).as(reason).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000, 0, 'Plan t allows 1 request per 1 s. Retry in 6 s.'",
        "5, 500, 3, 'Plan t allows 5 requests per 0.5 s plus a burst of 3. Retry in 6 s.'",
        "1000, 86400000, 0, 'Plan t allows 1000 requests per 86400 s. Retry in 6 s.'"
    })
    void denied_detail_describesTheLimit(long tokens, long periodMillis, long burst, String detail) throws IOException {
        Tier tier = Tier.of("t", new RateLimit(tokens, Duration.ofMillis(periodMillis), burst));

        JsonNode problem = send(denied(tier, 0, Duration.ofSeconds(6), Duration.ofSeconds(6)));

        assertThat(problem.get("detail").stringValue()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource({
        "BUCKET, 2, 'Plan t allows 10 requests per 60 s plus a burst of 2. Retry in 6 s.'",
        "SMOOTH, 2, 'Plan t allows 10 requests per 60 s, evenly paced, 3 at once. Retry in 6 s.'",
        "SMOOTH, 0, 'Plan t allows 10 requests per 60 s, evenly paced, 1 at once. Retry in 6 s.'",
        "WINDOW, 2, 'Plan t allows 12 requests per window of 60 s. Retry in 6 s.'",
        "ALIGNED_WINDOW, 0, 'Plan t allows 10 requests per window of 60 s on the clock. Retry in 6 s.'"
    })
    void denied_detail_describesTheShape(RateLimit.Shape shape, long burst, String detail) throws IOException {
        Tier tier = Tier.of("t", RateLimit.perMinute(10).withBurst(burst).withShape(shape));

        JsonNode problem = send(denied(tier, 0, Duration.ofSeconds(6), Duration.ofSeconds(6)));

        assertThat(problem.get("detail").stringValue()).isEqualTo(detail);
    }

    @Test
    void denied_costAboveCapacity_saysSoAndNamesNoTime() throws IOException {
        JsonNode problem =
                send(new RateLimitDecision(Outcome.DENIED, Tier.FREE, 12, Optional.empty(), Optional.empty()));

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.seen("Retry-After")).isEmpty();
        assertThat(problem.get("detail").stringValue())
                .isEqualTo("Plan free allows 10 requests per 60 s plus a burst of 2."
                        + " This request costs more than that and is never admitted.");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 'Plan pro allows 1 request at the same time. Retry in 1 s.'",
        "20, 'Plan pro allows 20 requests at the same time. Retry in 1 s.'"
    })
    void deniedInFlight_isAQuotaProblemToBeRetriedSoon(int most, String detail) throws IOException {
        JsonNode problem = send(new RateLimitDecision(
                Outcome.DENIED_IN_FLIGHT,
                Tier.PRO.withInFlight(most),
                7,
                Optional.of(Duration.ofSeconds(6)),
                Optional.of(Duration.ofSeconds(1))));

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.seen("Retry-After"))
                .as("whenever the next token comes")
                .containsExactly("1");
        assertThat(problem.get("type").stringValue()).endsWith("#quota-exceeded");
        assertThat(problem.get("detail").stringValue()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource({"DENY, 503", "LIMIT_LOCALLY, 429", ", 429"})
    void deniedDegraded_isTemporaryReducedCapacity(@Nullable FailurePolicy policy, int status) throws IOException {
        RateLimitDecision byNobody = degraded(Optional.of(Duration.ofMillis(2500)));

        JsonNode problem = send(policy == null ? byNobody : byNobody.by(policy));

        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(response.seen("Retry-After")).containsExactly("3");
        assertThat(problem.get("type").stringValue())
                .isEqualTo("https://iana.org/assignments/http-problem-types#temporary-reduced-capacity");
        assertThat(problem.get("title").stringValue())
                .isEqualTo("Request cannot be satisfied due to temporary server capacity constraints");
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("detail").stringValue())
                .isEqualTo("Plan free is served with reduced capacity for now. Retry in 3 s.");
        assertThat(problem.get("violated-policies").get(0).stringValue()).isEqualTo("free");
    }

    @Test
    void deniedDegraded_costAboveCapacity_isAQuotaProblem() throws IOException {
        JsonNode problem = send(degraded(Optional.empty()));

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.seen("Retry-After")).isEmpty();
        assertThat(problem.get("type").stringValue()).endsWith("#quota-exceeded");
    }

    @Test
    void send_committedResponse_isLeftAlone() throws IOException {
        response.commit();

        Problem.severalKeys().send(response);

        assertThat(response.getStatus()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }
}
