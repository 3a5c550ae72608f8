package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.Tier;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.greenbytes.http.sfv.Parser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field that the filter sends is read by a parser that is not ours, whatever was decided. */
class EmittedFieldsTest {

    private static final List<Tier> TIERS = List.of(
            Tier.FREE,
            Tier.of("flat", RateLimit.perSecond(5)),
            Tier.of("odd", RateLimit.of(7, Duration.ofMillis(1_500))),
            Tier.of("two", RateLimit.perSecond(10), RateLimit.of(1_000, Duration.ofDays(1))),
            Tier.of("huge", new RateLimit(2_000_000_000_000_000L, Duration.ofDays(18_000), 2_000_000_000_000_000L)));

    private final FakeResponse response = new FakeResponse();

    static Stream<Arguments> decisions() {
        return Stream.of(Outcome.values())
                .flatMap(outcome -> TIERS.stream().flatMap(tier -> decisions(outcome, tier)))
                .flatMap(decision -> Stream.of(decision, decision.inShadow()))
                .flatMap(decision -> Stream.of(HeaderDialect.values()).map(dialect -> Arguments.of(dialect, decision)));
    }

    private static Stream<RateLimitDecision> decisions(Outcome outcome, Tier tier) {
        Duration soon = Duration.ofNanos(1);
        Duration late = Duration.ofDays(36_000);
        return Stream.of(
                new RateLimitDecision(outcome, tier, 0, Optional.empty(), Optional.empty()),
                new RateLimitDecision(outcome, tier, 3, Optional.of(soon), Optional.of(soon)),
                new RateLimitDecision(outcome, tier, tier.capacity(), Optional.of(late), Optional.of(late)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("decisions")
    void fields_anyDecision_areStructured(HeaderDialect dialect, RateLimitDecision decision) {
        response.setHeader("Access-Control-Allow-Origin", "*");
        run(dialect, decision);

        assertMembers(response.seen("RateLimit"), decision, "r", "t");
        assertMembers(response.seen("RateLimit-Policy"), decision, "q", "w", "millpond-burst");
        assertThat(numbers("X-RateLimit-Limit")).allMatch(limit -> limit >= 1);
        assertThat(numbers("X-RateLimit-Remaining")).allMatch(remaining -> remaining >= 0);
        assertThat(numbers("X-RateLimit-Reset")).allMatch(reset -> reset >= 0);
        assertThat(numbers("Retry-After")).allMatch(seconds -> seconds >= 1);
        assertExposed();
    }

    private static void assertMembers(List<String> lines, RateLimitDecision decision, String... parameters) {
        if (!lines.isEmpty()) {
            assertThat(Fields.parse(lines.toArray(String[]::new)))
                    .singleElement()
                    .satisfies(member -> {
                        assertThat(member.name()).isEqualTo(decision.tier().name());
                        assertThat(member.parameters())
                                .containsOnlyKeys(member.parameters().keySet().stream()
                                        .filter(List.of(parameters)::contains)
                                        .toList());
                        assertThat(member.parameters().values())
                                .allSatisfy(value -> assertThat((Long) value).isGreaterThanOrEqualTo(0));
                    });
        }
    }

    private Stream<Long> numbers(String field) {
        return response.seen(field).stream()
                .map(line -> (Long) new Parser(line).parseItem().get());
    }

    private void assertExposed() {
        List<String> sent = Stream.of(
                        "Retry-After",
                        "RateLimit",
                        "RateLimit-Policy",
                        "X-RateLimit-Limit",
                        "X-RateLimit-Remaining",
                        "X-RateLimit-Reset")
                .filter(field -> !response.seen(field).isEmpty())
                .toList();
        Stream<String> exposed = response.seen("Access-Control-Expose-Headers").stream()
                .flatMap(line -> new Parser(line).parseList().get().stream())
                .map(member -> member.get().toString());
        assertThat(exposed).containsAll(sent);
    }

    private void run(HeaderDialect dialect, RateLimitDecision decision) {
        try {
            RateLimitFilter.builder(FakeRateLimiter.answering(decision))
                    .dialect(dialect)
                    .build()
                    .doFilter(new FakeRequest(), response, (request, other) -> {});
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
    }
}
