package dev.millpond.servlet;

import static dev.millpond.servlet.FakeRateLimiter.decision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.DeniedClient;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimitRequest.NamedLimit;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimitStats;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.IpAddress;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RateLimitFilterTest {

    private final FakeRequest request = new FakeRequest();
    private final FakeResponse response = new FakeResponse();
    private final AtomicInteger passed = new AtomicInteger();
    private final FilterChain chain = (any, other) -> passed.incrementAndGet();
    private final FakeRateLimiter limiter = FakeRateLimiter.allowing();

    private void run(RateLimiter asked, UnaryOperator<RateLimitFilter.Builder> settings) {
        run(settings.apply(RateLimitFilter.builder(asked)).build(), chain);
    }

    private void run(RateLimitFilter filter, FilterChain rest) {
        try {
            filter.doFilter(request, response, rest);
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void doFilter_allowed_passesWithFieldsAndDecision() {
        run(limiter, builder -> builder);

        assertThat(passed).hasValue(1);
        assertThat(response.seen("RateLimit")).containsExactly("\"free\";r=11;t=6");
        assertThat(response.seen("RateLimit-Policy")).containsExactly("\"free\";q=10;w=60;millpond-burst=2");
        assertThat(RateLimitFilter.decisionOf(request))
                .map(RateLimitDecision::outcome)
                .contains(Outcome.ALLOWED);
    }

    @Test
    void doFilter_allowed_setsFieldsBeforeTheChainRuns() {
        run(RateLimitFilter.builder(limiter).build(), (any, other) -> response.commit());

        assertThat(response.seen("RateLimit")).hasSize(1);
    }

    @Test
    void doFilter_denied_endsWith429() {
        run(FakeRateLimiter.denying(), builder -> builder);

        assertThat(passed).hasValue(0);
        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.seen("Retry-After")).containsExactly("6");
        assertThat(response.seen("RateLimit")).containsExactly("\"free\";r=0;t=6");
        assertThat(response.seen("RateLimit-Policy")).hasSize(1);
        assertThat(RateLimitFilter.decisionOf(request))
                .map(RateLimitDecision::outcome)
                .contains(Outcome.DENIED);
    }

    @Test
    void doFilter_allowlisted_passesWithoutFields() {
        run(FakeRateLimiter.answering(decision(Outcome.ALLOWLISTED, Tier.FREE, 12, 6)), builder -> builder);

        assertThat(passed).hasValue(1);
        assertThat(response.seen("RateLimit")).isEmpty();
        assertThat(response.seen("RateLimit-Policy")).isEmpty();
    }

    @Test
    void doFilter_knownKey_isChargedWithItsAddress() {
        request.field("X-API-Key", "k1").from("198.51.100.1");

        run(limiter, builder -> builder);

        assertThat(limiter.clients).containsExactly(Client.of("k1", "198.51.100.1"));
        assertThat(limiter.costs).containsExactly(1L);
    }

    @Test
    void doFilter_noKey_isChargedByAddress() {
        run(limiter, builder -> builder);

        assertThat(limiter.clients).containsExactly(Client.ofAddress("203.0.113.9"));
    }

    @Test
    void doFilter_trustedProxy_isChargedByTheForwardedAddress() {
        request.from("10.0.0.2").field("X-Forwarded-For", "198.51.100.1");

        run(limiter, builder -> builder.trustedProxies("10.0.0.0/8"));

        assertThat(limiter.clients).containsExactly(Client.ofAddress("198.51.100.1"));
    }

    @Test
    void doFilter_oversizedKeyFromASourceOfYourOwn_countsAsNone() {
        run(limiter, builder -> builder.clientKey(any -> Set.of("k".repeat(513), "")));

        assertThat(limiter.clients).containsExactly(Client.ofAddress("203.0.113.9"));
    }

    @Test
    void doFilter_differentKeys_is400AndChargesNothing() {
        request.field("X-API-Key", "secret-1").field("Authorization", "Bearer secret-2");

        run(limiter, builder -> builder.clientKey(ClientKey.header("X-API-Key").or(ClientKey.bearer())));

        assertThat(limiter.clients).isEmpty();
        assertThat(passed).hasValue(0);
        assertThat(response.getStatus()).isEqualTo(400);
        assertThat(response.seen("Content-Type")).containsExactly("application/problem+json");
        assertThat(response.seen("RateLimit")).isEmpty();
        JsonNode problem = new JsonMapper().readTree(response.body());
        assertThat(problem.propertyNames()).containsExactly("type", "title", "status", "detail");
        assertThat(problem.get("type").stringValue()).isEqualTo("about:blank");
        assertThat(problem.get("detail").stringValue())
                .isEqualTo("The request carries different API keys. Send exactly one.");
        assertThat(response.body()).doesNotContain("secret");
    }

    static Stream<Arguments> differentKeys() {
        String tooLong = "k".repeat(513);
        return Stream.of(
                Arguments.of("X-API-Key", tooLong, "X-API-Key", "k1"),
                Arguments.of("X-API-Key", tooLong, "Authorization", "Bearer k1"),
                Arguments.of("X-API-Key", "k1", "Authorization", "Bearer " + tooLong),
                Arguments.of("X-API-Key", tooLong, "X-API-Key", tooLong + "k"),
                Arguments.of("X-API-Key", "k1, k2", "Accept", "*/*"),
                Arguments.of("X-API-Key", "k1,k1 ,k2", "Accept", "*/*"),
                Arguments.of("X-API-Key", "k1, " + tooLong, "Accept", "*/*"),
                Arguments.of("Authorization", "Bearer k1, Bearer k2", "Accept", "*/*"),
                Arguments.of("Authorization", "Bearer k1, k2", "Accept", "*/*"));
    }

    @ParameterizedTest
    @MethodSource("differentKeys")
    void doFilter_differentKeysInAnyGuise_is400(String field, String value, String otherField, String otherValue) {
        request.field(field, value).field(otherField, otherValue);

        run(limiter, builder -> builder.clientKey(ClientKey.header("X-API-Key").or(ClientKey.bearer())));

        assertThat(response.getStatus()).isEqualTo(400);
        assertThat(limiter.clients).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"k1", "k1, k1", " k1 ,", ",k1,,"})
    void doFilter_sameKeyInOneLine_isOneKey(String line) {
        request.field("X-API-Key", line);

        run(limiter, builder -> builder);

        assertThat(limiter.clients).containsExactly(Client.of("k1", "203.0.113.9"));
    }

    @Test
    void doFilter_keyOf512Characters_counts() {
        request.field("X-API-Key", "k".repeat(512));

        run(limiter, builder -> builder);

        assertThat(limiter.clients).containsExactly(Client.of("k".repeat(512), "203.0.113.9"));
    }

    @Test
    void doFilter_keyTooLongAlone_countsAsNone() {
        request.field("X-API-Key", "k".repeat(513)).user("alice");

        run(limiter, builder -> builder.clientKey(ClientKey.header("X-API-Key").or(ClientKey.principal())));

        assertThat(limiter.clients).containsExactly(Client.of("alice", "203.0.113.9"));
    }

    @SuppressWarnings("NullAway") // The mistakes under test.
    static Stream<Arguments> nulls() {
        RateLimitFilter.Builder builder = RateLimitFilter.builder(FakeRateLimiter.allowing());
        return Stream.of(
                mistake("Rate-limit filter: limiter", () -> RateLimitFilter.builder(null)),
                mistake("Rate-limit filter: clientKey", () -> builder.clientKey(null)),
                mistake("Rate-limit filter: guard", () -> builder.guard(null)),
                mistake("Rate-limit filter: skip", () -> builder.skip(null)),
                mistake("Rate-limit filter: cost", () -> builder.cost(null)),
                mistake("Rate-limit filter: route", () -> builder.route(null)),
                mistake("Name of a route", () -> Route.named(null)),
                mistake("Tier of route 'search'", () -> Route.named("search").within(null)),
                mistake("Rate-limit filter: refundWhen", () -> builder.refundWhen(null)),
                mistake("Rate-limit filter: dialect", () -> builder.dialect(null)),
                mistake("Rate-limit filter: trustedProxies", () -> builder.trustedProxies((String[]) null)),
                mistake("Rate-limit filter: trusted proxy 2", () -> builder.trustedProxies("10.0.0.0/8", null)),
                mistake("Rate-limit filter: clock", () -> builder.clock(null)),
                mistake("Name of the header field with the API key", () -> ClientKey.header(null)),
                mistake("The other source of keys", () -> ClientKey.bearer().or(null)),
                mistake("Cache-Status filter: registry", () -> CacheStatusFilter.of(null)));
    }

    private static Arguments mistake(String name, ThrowingCallable call) {
        return Arguments.of(name, call);
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void anySetting_null_isRefusedWhereItIsGiven(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessageStartingWith(name + " is null. ");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REQUEST")
    void doFilter_anyOtherDispatch_chargesNothing(DispatcherType type) {
        request.dispatch(type);

        run(limiter, builder -> builder);

        assertThat(limiter.clients).isEmpty();
        assertThat(passed).hasValue(1);
    }

    @Test
    void doFilter_registeredTwice_chargesOnce() {
        RateLimitFilter first = RateLimitFilter.builder(limiter).build();
        RateLimitFilter second = RateLimitFilter.builder(limiter).build();

        try (CapturedLog log = new CapturedLog(RateLimitFilter.class)) {
            run(first, (any, other) -> first.doFilter(any, other, (a, o) -> second.doFilter(a, o, chain)));

            assertThat(limiter.clients).hasSize(1);
            assertThat(passed).hasValue(1);
            assertThat(response.seen("RateLimit")).hasSize(1);
            assertThat(log.messages()).as("one of each filter").hasSize(2);
        }
    }

    @Test
    void doFilter_registeredTwice_warnsOnce() throws Exception {
        RateLimitFilter filter = RateLimitFilter.builder(limiter).build();
        try (CapturedLog log = new CapturedLog(RateLimitFilter.class)) {
            for (int i = 0; i < 3; i++) {
                filter.doFilter(
                        new FakeRequest(), new FakeResponse(), (any, other) -> filter.doFilter(any, other, chain));
            }

            assertThat(log.messages())
                    .containsExactly(
                            "The rate-limit filter runs twice for one request, with the same limit; the request"
                                    + " is charged once. Register the filter once: as a servlet filter or in a chain such as"
                                    + " Spring Security's, not both. Further such requests are not logged.");
        }
    }

    @Test
    void doFilter_twoLimitersInTurn_chargeOnceEach() {
        FakeRateLimiter perAddress = FakeRateLimiter.answering(decision(Outcome.ALLOWED, Tier.ENTERPRISE, 10_999, 1));
        RateLimitFilter guard = RateLimitFilter.builder(perAddress).build();
        RateLimitFilter tiers = RateLimitFilter.builder(limiter).build();

        run(guard, (any, other) -> tiers.doFilter(any, other, chain));

        assertThat(perAddress.clients).hasSize(1);
        assertThat(limiter.clients).hasSize(1);
        assertThat(Fields.parse(response.seen("RateLimit").toArray(String[]::new)))
                .extracting(Fields.Member::name)
                .containsExactly("enterprise", "free");
        assertThat(RateLimitFilter.decisionOf(request))
                .map(RateLimitDecision::tier)
                .contains(Tier.FREE);
    }

    @Test
    void doFilter_guardAndTiersOfOneLimiter_chargeOnceEach() {
        Tier perAddress = Tier.of("address", RateLimit.perMinute(600));
        request.field("X-API-Key", "k1").from("2001:db8::1:2:3:4");

        run(
                RateLimitFilter.builder(limiter).guard(perAddress).build(),
                (any, other) -> RateLimitFilter.builder(limiter).build().doFilter(any, other, chain));

        RateLimitRequest guarded = limiter.requests.get(0);
        assertThat(guarded.client()).contains(Client.of("k1", "2001:db8:0:0:1:2:3:4"));
        assertThat(guarded.passesOwnTier()).isFalse();
        assertThat(guarded.named())
                .containsExactly(new NamedLimit(perAddress, "address:" + IpAddress.groupOf("2001:db8::9")));
        assertThat(limiter.requests.get(1).passesOwnTier()).isTrue();
        assertThat(passed).hasValue(1);
    }

    @Test
    void doFilter_denylisted_is403WithoutFields() {
        run(FakeRateLimiter.answering(decision(Outcome.DENYLISTED, Tier.FREE, 0, 6)), builder -> builder);

        assertThat(passed).hasValue(0);
        assertThat(response.getStatus()).isEqualTo(403);
        assertThat(response.seen("RateLimit")).isEmpty();
        assertThat(response.seen("Retry-After")).isEmpty();
        assertThat(response.body())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,\"detail\":\"This client is not"
                                + " admitted.\"}");
    }

    @ParameterizedTest
    @EnumSource(names = {"DENIED", "DENIED_DEGRADED"})
    void doFilter_deniedInShadow_passesWithFields(Outcome outcome) {
        run(
                FakeRateLimiter.answering(decision(outcome, Tier.FREE, 0, 6).inShadow()),
                builder -> builder.refundWhen(status -> true));

        assertThat(passed).hasValue(1);
        assertThat(response.getStatus()).isEqualTo(200);
        assertThat(response.seen("RateLimit")).containsExactly("\"free\";r=0;t=6");
        assertThat(response.seen("Retry-After")).isEmpty();
    }

    @Test
    void doFilter_limitsOff_passesWithoutFields() {
        run(FakeRateLimiter.answering(decision(Outcome.OFF, Tier.FREE, 12, 6)), builder -> builder);

        assertThat(passed).hasValue(1);
        assertThat(response.seen("RateLimit")).isEmpty();
    }

    @Test
    void doFilter_unknownKeyRefused_is401() {
        request.field("X-API-Key", "made-up-1");

        run(limiter, builder -> builder.refuseUnknownKeys());

        assertThat(passed).hasValue(0);
        assertThat(limiter.clients).as("counted by address").hasSize(1);
        assertThat(response.getStatus()).isEqualTo(401);
        assertThat(response.seen("WWW-Authenticate")).isEmpty();
        assertThat(response.seen("Content-Type")).containsExactly("application/problem+json");
        assertThat(response.body())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"The API key of the"
                                + " request is not known. Send a valid key, or none.\"}");
    }

    @Test
    void doFilter_unknownKeyRefused_bearerIsASource_isChallenged() {
        request.field("Authorization", "Bearer made-up-1");

        run(
                limiter,
                builder -> builder.clientKey(ClientKey.header("X-API-Key").or(ClientKey.bearer()))
                        .refuseUnknownKeys());

        assertThat(response.getStatus()).isEqualTo(401);
        assertThat(response.seen("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
    }

    @Test
    void doFilter_unknownKeyDenied_is429() {
        request.field("X-API-Key", "made-up-1");

        run(FakeRateLimiter.denying(), builder -> builder.refuseUnknownKeys());

        assertThat(response.getStatus()).isEqualTo(429);
    }

    @ParameterizedTest
    @EnumSource(names = {"ALLOWLISTED", "OFF"})
    void doFilter_unknownKeyOfWhomNobodyAsks_passes(Outcome outcome) {
        request.field("X-API-Key", "made-up-1");

        run(FakeRateLimiter.answering(decision(outcome, Tier.FREE, 12, 6)), builder -> builder.refuseUnknownKeys());

        assertThat(passed).hasValue(1);
    }

    @Test
    void doFilter_userWithoutATier_isNotRefused() {
        request.user("made-up-alice");

        run(limiter, builder -> builder.clientKey(ClientKey.principal()).refuseUnknownKeys());

        assertThat(passed).hasValue(1);
    }

    @Test
    void doFilter_unknownKeyByDefault_isServed() {
        request.field("X-API-Key", "made-up-1");

        run(limiter, builder -> builder);

        assertThat(passed).hasValue(1);
    }

    @Test
    void doFilter_twoLimitersInAnXDialect_showTheLastOnly() {
        RateLimitFilter guard = RateLimitFilter.builder(
                        FakeRateLimiter.answering(decision(Outcome.ALLOWED, Tier.ENTERPRISE, 10_999, 1)))
                .dialect(HeaderDialect.X_RATELIMIT_DELTA)
                .build();
        RateLimitFilter tiers = RateLimitFilter.builder(limiter)
                .dialect(HeaderDialect.X_RATELIMIT_DELTA)
                .build();

        run(guard, (any, other) -> tiers.doFilter(any, other, chain));

        assertThat(response.seen("X-RateLimit-Remaining")).containsExactly("11");
    }

    @Test
    void doFilter_preflight_chargesNothing() {
        request.method("OPTIONS").field("Origin", "https://app.example").field("Access-Control-Request-Method", "PUT");

        run(limiter, builder -> builder);

        assertThat(limiter.clients).isEmpty();
        assertThat(passed).hasValue(1);
    }

    @Test
    void doFilter_optionsThatIsNoPreflight_isCharged() {
        request.method("OPTIONS").field("Origin", "https://app.example");

        run(limiter, builder -> builder);

        assertThat(limiter.clients).hasSize(1);
    }

    @Test
    void doFilter_skipped_chargesNothingAndHasNoDecision() {
        run(FakeRateLimiter.denying(), builder -> builder.skip(any -> true));

        assertThat(passed).hasValue(1);
        assertThat(RateLimitFilter.decisionOf(request)).isEmpty();
    }

    @Test
    void doFilter_costByRequest_isCharged() {
        run(limiter, builder -> builder.cost(any -> any.getMethod().equals("GET") ? 5 : 1));

        assertThat(limiter.costs).containsExactly(5L);
    }

    @Test
    void doFilter_route_isAskedForWithItsCostAndTier() {
        Tier perSearch = Tier.of("search", RateLimit.perMinute(30));
        Route search = Route.named("search").costing(5).within(perSearch);

        run(limiter, builder -> builder.cost(any -> 2).route(any -> Optional.of(search)));

        RateLimitRequest asked = limiter.requests.get(0);
        assertThat(asked.route()).contains("search");
        assertThat(asked.cost()).isEqualTo(5);
        assertThat(asked.further()).containsExactly(perSearch);
    }

    @Test
    void doFilter_routeWithNameOnly_costsWhatTheFunctionSays() {
        run(limiter, builder -> builder.cost(any -> 2).route(any -> Optional.of(Route.named("search"))));

        RateLimitRequest asked = limiter.requests.get(0);
        assertThat(asked.route()).contains("search");
        assertThat(asked.cost()).isEqualTo(2);
        assertThat(asked.further()).isEmpty();
    }

    @Test
    void route_negativeCost_isRefused() {
        Route search = Route.named("search");

        assertThatThrownBy(() -> search.costing(-1))
                .hasMessage("Cost of route 'search' is -1, must be 0 or more. Use 0 for a route that takes no token.");
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "304, 1", "404, 0", "500, 1", "503, 1"})
    void doFilter_refundWhen_givesBackByStatus(int status, int refunds) {
        run(refunding(limiter), (any, other) -> ((HttpServletResponse) other).setStatus(status));

        assertThat(limiter.refunds).hasSize(refunds).allMatch(tokens -> tokens == 3);
    }

    @Test
    void doFilter_chainThrows_isRefundedAs500() {
        assertThatThrownBy(() -> refunding(limiter).doFilter(request, response, (any, other) -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");

        assertThat(limiter.refunds).containsExactly(3L);
    }

    @Test
    void doFilter_chainThrowsAfterTheHeaderWasSent_isWhatTheClientSaw() {
        assertThatThrownBy(() -> refunding(limiter).doFilter(request, response, (any, other) -> {
                    response.commit();
                    throw new ServletException("broken");
                }))
                .hasMessage("broken");

        assertThat(limiter.refunds).isEmpty();
    }

    @Test
    void doFilter_clientHangsUp_isNotRefunded() {
        assertThatThrownBy(() -> refunding(limiter).doFilter(request, response, (any, other) -> {
                    throw new IOException("connection reset");
                }))
                .hasMessage("connection reset");

        assertThat(limiter.refunds).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ALLOWED", "ALLOWED_BURST"})
    void doFilter_nothingCharged_isNotRefunded(Outcome outcome) {
        FakeRateLimiter other = FakeRateLimiter.answering(decision(outcome, Tier.FREE, 0, 6));

        run(RateLimitFilter.builder(other).refundWhen(status -> true).build(), chain);

        assertThat(other.refunds).isEmpty();
    }

    @Test
    void doFilter_refundWhenThrows_isLoggedOnce() {
        RateLimitFilter filter = RateLimitFilter.builder(limiter)
                .refundWhen(status -> {
                    throw new IllegalStateException("broken");
                })
                .build();
        try (CapturedLog log = new CapturedLog(RateLimitFilter.class)) {
            run(filter, chain);
            doFilterAnother(filter);

            assertThat(passed).hasValue(2);
            assertThat(log.messages())
                    .containsExactly(
                            "The refund of a request threw, in refundWhen or in the rate limiter, which must not"
                                    + " throw; the request stays charged. Further such requests are not logged.");
        }
    }

    private static RateLimitFilter refunding(RateLimiter limiter) {
        return RateLimitFilter.builder(limiter)
                .cost(any -> 3)
                .refundWhen(status -> status == 304 || status >= 500)
                .build();
    }

    @Test
    void doFilter_negativeCost_chargesOneAndWarnsOnce() {
        RateLimitFilter filter =
                RateLimitFilter.builder(limiter).cost(any -> -3).build();
        try (CapturedLog log = new CapturedLog(RateLimitFilter.class)) {
            run(filter, chain);
            doFilterAnother(filter);

            assertThat(limiter.costs).containsExactly(1L, 1L);
            assertThat(log.messages())
                    .containsExactly("The cost function of the rate-limit filter returned -3, must be 0 or more;"
                            + " 1 is charged instead. Correct the function. Further such requests are not logged.");
        }
    }

    private void doFilterAnother(RateLimitFilter filter) {
        try {
            filter.doFilter(new FakeRequest(), new FakeResponse(), chain);
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void doFilter_limiterThrows_passesAndLogsOnce() {
        RateLimitFilter filter = RateLimitFilter.builder(new ThrowingLimiter()).build();
        try (CapturedLog log = new CapturedLog(RateLimitFilter.class)) {
            run(filter, chain);
            doFilterAnother(filter);

            assertThat(passed).hasValue(2);
            assertThat(response.seen("RateLimit")).isEmpty();
            assertThat(RateLimitFilter.decisionOf(request)).isEmpty();
            assertThat(log.messages())
                    .containsExactly("The rate limiter threw, which it must not; requests pass without a limit"
                            + " meanwhile. Further such requests are not logged.");
        }
    }

    @Test
    void doFilter_corsResponse_exposesTheFields() {
        response.setHeader("Access-Control-Allow-Origin", "https://app.example");
        response.setHeader("Access-Control-Expose-Headers", "ETag");

        run(limiter, builder -> builder);

        assertThat(response.seen("Access-Control-Expose-Headers"))
                .containsExactly("ETag", "RateLimit, RateLimit-Policy");
    }

    @Test
    void doFilter_corsResponseDenied_exposesRetryAfterToo() {
        response.setHeader("Access-Control-Allow-Origin", "*");

        run(FakeRateLimiter.denying(), builder -> builder.dialect(HeaderDialect.NONE));

        assertThat(response.seen("Access-Control-Expose-Headers")).containsExactly("Retry-After");
    }

    @Test
    void doFilter_noCors_exposesNothing() {
        run(limiter, builder -> builder);

        assertThat(response.seen("Access-Control-Expose-Headers")).isEmpty();
    }

    @Test
    void doFilter_corsResponseWithoutFields_exposesNothing() {
        response.setHeader("Access-Control-Allow-Origin", "*");

        run(limiter, builder -> builder.dialect(HeaderDialect.NONE));

        assertThat(response.seen("Access-Control-Expose-Headers")).isEmpty();
    }

    @Test
    void doFilter_epochDialect_readsTheGivenClock() {
        run(
                limiter,
                builder -> builder.dialect(HeaderDialect.X_RATELIMIT_EPOCH)
                        .clock(InstantSource.fixed(Instant.ofEpochSecond(1_000))));

        assertThat(response.seen("X-RateLimit-Reset")).containsExactly("1006");
    }

    @Test
    void doFilter_notHttp_passes() throws IOException, ServletException {
        RateLimitFilter filter = RateLimitFilter.builder(limiter).build();

        filter.doFilter(Untouchable.of(ServletRequest.class), Untouchable.of(ServletResponse.class), chain);

        assertThat(passed).hasValue(1);
        assertThat(limiter.clients).isEmpty();
    }

    @Test
    void builder_settingMadeTwice_isRefused() {
        RateLimitFilter.Builder builder = RateLimitFilter.builder(limiter).cost(any -> 1);

        assertThatThrownBy(() -> builder.cost(any -> 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Rate-limit filter: cost was set twice. Set it once.");
    }

    @Test
    void builder_malformedTrustedProxy_isRefusedAtOnce() {
        RateLimitFilter.Builder builder = RateLimitFilter.builder(limiter);

        assertThatThrownBy(() -> builder.trustedProxies("proxy.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "A trusted proxy of the rate-limit filter is not valid. Network 'proxy.example' has no IP address."
                                + " Use a network such as 10.0.0.0/8 or 2001:db8::/32.");
    }

    /** A limiter that breaks its contract. */
    private static final class ThrowingLimiter implements RateLimiter {

        @Override
        public RateLimitDecision tryAcquire(RateLimitRequest request) {
            throw new IllegalStateException("broken");
        }

        @Override
        public CompletionStage<RateLimitDecision> tryAcquireAsync(RateLimitRequest request) {
            return CompletableFuture.failedFuture(new IllegalStateException("broken"));
        }

        @Override
        public RateLimitDecision acquire(RateLimitRequest request, Duration maxWait) {
            throw new IllegalStateException("broken");
        }

        @Override
        public RateLimitDecision peek(RateLimitRequest request) {
            throw new IllegalStateException("broken");
        }

        @Override
        public RateLimitDecision refund(RateLimitRequest request) {
            throw new IllegalStateException("broken");
        }

        @Override
        public CompletionStage<RateLimitDecision> refundAsync(RateLimitRequest request) {
            return CompletableFuture.failedFuture(new IllegalStateException("broken"));
        }

        @Override
        public RateLimitDecision grant(RateLimitRequest request, long tokens) {
            throw new IllegalStateException("broken");
        }

        @Override
        public RateLimitDecision reset(RateLimitRequest request) {
            throw new IllegalStateException("broken");
        }

        @Override
        public RateLimitRules rules() {
            throw new IllegalStateException("broken");
        }

        @Override
        public RateLimitRules baseRules() {
            throw new IllegalStateException("broken");
        }

        @Override
        public RateLimitRules replaceBaseRules(RateLimitRules rules) {
            throw new IllegalStateException("broken");
        }

        @Override
        public RateLimitRules changeRules(UnaryOperator<RateLimitRules> change) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void forgetTier(Client client) {
            throw new IllegalStateException("broken");
        }

        @Override
        public int nodes() {
            throw new IllegalStateException("broken");
        }

        @Override
        public boolean hasUnknownKey(Client client) {
            throw new IllegalStateException("broken");
        }

        @Override
        public String digestOf(Client client) {
            throw new IllegalStateException("broken");
        }

        @Override
        public RateLimitStats stats() {
            throw new IllegalStateException("broken");
        }

        @Override
        public List<DeniedClient> mostDenied() {
            throw new IllegalStateException("broken");
        }

        @Override
        public void close() {}
    }
}
