package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.Tier;
import dev.millpond.spring.autoconfigure.MillpondRateLimitAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondRateLimitedMethodsAutoConfiguration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

final class RateLimitedTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    MillpondRateLimitAutoConfiguration.class,
                    MillpondRateLimitedMethodsAutoConfiguration.class))
            .withPropertyValues("millpond.rate-limit.tiers.export.limit=1");

    @Test
    void call_aboveTheLimit_isDeniedWithTheDecision() {
        runner.withBean(Reports.class).run(context -> {
            Reports reports = context.getBean(Reports.class);
            assertThat(reports.ofUser("ann")).isEqualTo("report of ann");
            reports.ofUser("ann");
            reports.ofUser("ann");

            assertThatThrownBy(() -> reports.ofUser("ann"))
                    .isInstanceOfSatisfying(RateLimitExceededException.class, denied -> {
                        assertThat(denied.decision().outcome()).isEqualTo(Outcome.DENIED);
                        assertThat(denied.decision().tier().name()).isEqualTo("reports-of-user");
                    })
                    .hasMessage("Call of dev.millpond.spring.RateLimitedTest$Reports.ofUser(String) is denied by tier"
                            + " 'reports-of-user'; retry in 30 s.");
            assertThat(reports.ofUser("bob")).isEqualTo("report of bob");
        });
    }

    @Test
    void call_ofATier_isCountedForTheMethodWhoeverCalls() {
        runner.withBean(Reports.class).run(context -> {
            Reports reports = context.getBean(Reports.class);
            assertThat(reports.export("a")).isEqualTo("export of a");
            assertThat(reports.export("b")).as("by the fallback").isEqualTo("later: b");
        });
    }

    @Test
    void call_thatReturnsAStage_failsTheStage() {
        runner.withBean(Reports.class).run(context -> {
            Reports reports = context.getBean(Reports.class);
            assertThat(reports.later().toCompletableFuture().join()).isEqualTo("done");

            assertThat(reports.later().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(1))
                    .withThrowableThat()
                    .withCauseInstanceOf(RateLimitExceededException.class);
        });
    }

    @Test
    void call_ofATierWithALimitInFlight_isInFlightUntilTheMethodEnds() {
        oneInFlight().run(context -> {
            Jobs jobs = context.getBean(Jobs.class);
            assertThat(jobs.run(() -> jobs.run(() -> "inner"))).isEqualTo("denied");
            assertThatThrownBy(() -> jobs.run(() -> {
                        throw new IllegalStateException("broken");
                    }))
                    .hasMessage("broken");
            assertThat(jobs.run(() -> "after")).isEqualTo("after");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void call_ofATierWithALimitInFlight_isInFlightUntilTheStageCompletes(boolean succeeds) {
        oneInFlight().run(context -> {
            Jobs jobs = context.getBean(Jobs.class);
            CompletableFuture<String> work = new CompletableFuture<>();
            assertThat(jobs.start(work)).as("the method's own stage").isSameAs(work);
            assertThat(jobs.start(new CompletableFuture<>()).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(1))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            RateLimitExceededException.class,
                            denied -> assertThat(denied.decision().outcome()).isEqualTo(Outcome.DENIED_IN_FLIGHT));

            if (succeeds) {
                work.complete("done");
            } else {
                work.completeExceptionally(new IllegalStateException("broken"));
            }

            CompletableFuture<String> next = new CompletableFuture<>();
            assertThat(jobs.start(next)).isSameAs(next);
        });
    }

    static Stream<Consumer<Sinks.One<String>>> endings() {
        return Stream.of(
                work -> work.tryEmitValue("done").orThrow(),
                work -> work.tryEmitEmpty().orThrow(),
                work -> work.tryEmitError(new IllegalStateException("broken")).orThrow());
    }

    @ParameterizedTest
    @MethodSource("endings")
    void call_thatReturnsAMono_isInFlightUntilItEnds(Consumer<Sinks.One<String>> ending) {
        oneInFlight().run(context -> {
            Jobs jobs = context.getBean(Jobs.class);
            Sinks.One<String> work = Sinks.one();
            Disposable subscription = jobs.watch(work.asMono()).subscribe(value -> {}, failure -> {});
            assertThatThrownBy(() -> jobs.watch(Mono.never())).isInstanceOf(RateLimitExceededException.class);

            ending.accept(work);

            assertThat(subscription.isDisposed()).as("has ended").isTrue();
            assertThat(jobs.watch(Mono.just("after")).block()).isEqualTo("after");
        });
    }

    @Test
    void call_thatReturnsAFlux_isInFlightUntilItIsCancelled() {
        oneInFlight().run(context -> {
            Jobs jobs = context.getBean(Jobs.class);
            Disposable subscription = jobs.stream(Flux.never()).subscribe();
            assertThatThrownBy(() -> jobs.stream(Flux.never())).isInstanceOf(RateLimitExceededException.class);

            subscription.dispose();

            assertThat(jobs.stream(Flux.just("after")).blockFirst()).isEqualTo("after");
        });
    }

    @Test
    void call_thatReturnsAMonoOfItsOwnKind_isInFlightUntilTheMethodEnds() {
        oneInFlight().run(context -> {
            Jobs jobs = context.getBean(Jobs.class);
            OwnMono own = new OwnMono();

            assertThat(jobs.own(own)).isSameAs(own);
            assertThat(jobs.own(own)).isSameAs(own);
        });
    }

    @Test
    void call_thatThrowsAnError_isNoLongerInFlight() {
        oneInFlight().run(context -> {
            Jobs jobs = context.getBean(Jobs.class);
            assertThatThrownBy(() -> jobs.watch(null)).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> jobs.watch(null)).isInstanceOf(AssertionError.class);
        });
    }

    private ApplicationContextRunner oneInFlight() {
        Tier tier = Tier.of("jobs", RateLimit.perSecond(1_000)).withInFlight(1);
        return runner.withBean(Jobs.class)
                .withPropertyValues("millpond.rate-limit.tiers.jobs.limit=1000")
                .withBean(
                        RateLimiterBuilderCustomizer.class,
                        () -> builder -> builder.rules(RateLimitRules.none().withTier(tier)));
    }

    @Test
    void call_ofAFreeMethod_isNotLimited() {
        runner.withBean(Reports.class)
                .run(context -> assertThat(context.getBean(Reports.class).free(1_000_001))
                        .isEqualTo(1_000_001));
    }

    @Test
    void call_throughAnInterface_isLimitedToo() {
        runner.withBean("greeter", Greeter.class, PoliteGreeter::new)
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .run(context -> {
                    Greeter greeter = context.getBean(Greeter.class);
                    assertThat(AopUtils.isJdkDynamicProxy(greeter)).isTrue();
                    assertThat(greeter.greet()).isEqualTo("hello");
                    assertThatThrownBy(greeter::greet).isInstanceOf(RateLimitExceededException.class);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"millpond.enabled=false", "millpond.rate-limit.enabled=false"})
    void call_limitsSwitchedOff_passes(String property) {
        runner.withBean(Reports.class).withPropertyValues(property).run(context -> {
            for (int i = 0; i < 5; i++) {
                assertThat(context.getBean(Reports.class).ofUser("ann")).isEqualTo("report of ann");
            }
        });
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        Both.class,
                        "has both a tier and a limit, must have one of them. Give 'tier' for one of the application's tiers,"
                                + " or 'limit' for a limit of the method's own."),
                Arguments.of(Neither.class, "has neither a tier nor a limit. Give 'tier' for one of"),
                Arguments.of(
                        UnknownTier.class,
                        "has the tier 'gold', which does not exist. Use the name of a tier, or define"
                                + " 'millpond.rate-limit.tiers.gold.limit'."),
                Arguments.of(
                        NegativeLimit.class,
                        "is refused: Rate limit tokens is -1, must be at least 1. Give the tokens refilled per period. Give"
                                + " for example limit = 10, per = \"1m\", burst = 2."),
                Arguments.of(OddPeriod.class, "is refused: 'soon' is not a valid duration"),
                Arguments.of(NegativeCost.class, "has the cost -1, must be 0 or more."),
                Arguments.of(BadKey.class, "has the key '#a +', which is not an expression: "),
                Arguments.of(
                        NoFallback.class,
                        "has the fallback 'other', but its class has no such method with the same parameters and a return"
                                + " type that fits. Add String other(String), or leave the fallback out."));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void start_mistakeInAnAnnotation_isRefused(Class<?> bean, String message) {
        runner.withBean(bean)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining("@RateLimited of " + bean.getName() + ".call(String) " + message));
    }

    static class Reports {

        @RateLimited(limit = 2, burst = 1, key = "#user")
        public String ofUser(String user) {
            return "report of " + user;
        }

        @RateLimited(tier = "export", fallback = "laterExport")
        public String export(String name) {
            return "export of " + name;
        }

        String laterExport(String name) {
            return "later: " + name;
        }

        @RateLimited(limit = 1, per = "1h")
        public CompletionStage<String> later() {
            return CompletableFuture.completedFuture("done");
        }

        public int free(int number) {
            return number;
        }
    }

    static class Jobs {

        @RateLimited(tier = "jobs", fallback = "denied")
        public String run(Supplier<String> job) {
            return job.get();
        }

        String denied(Supplier<String> job) {
            return "denied";
        }

        @RateLimited(tier = "jobs")
        public Mono<String> watch(@Nullable Mono<String> work) {
            if (work == null) {
                throw new AssertionError("broken");
            }
            return work;
        }

        @RateLimited(tier = "jobs")
        public Flux<String> stream(Flux<String> work) {
            return work;
        }

        @RateLimited(tier = "jobs")
        public OwnMono own(OwnMono work) {
            return work;
        }

        @RateLimited(tier = "jobs")
        public CompletionStage<String> start(CompletableFuture<String> work) {
            return work;
        }
    }

    static final class OwnMono extends Mono<String> {

        @Override
        public void subscribe(CoreSubscriber<? super String> subscriber) {
            Mono.just("done").subscribe(subscriber);
        }
    }

    interface Greeter {

        String greet();
    }

    static class PoliteGreeter implements Greeter {

        @Override
        @RateLimited(limit = 1, per = "1h")
        public String greet() {
            return "hello";
        }
    }

    static class Both {
        @RateLimited(tier = "free", limit = 1)
        public void call(String a) {}
    }

    static class Neither {
        @RateLimited
        public void call(String a) {}
    }

    static class UnknownTier {
        @RateLimited(tier = "gold")
        public void call(String a) {}
    }

    static class NegativeLimit {
        @RateLimited(limit = -1)
        public void call(String a) {}
    }

    static class OddPeriod {
        @RateLimited(limit = 1, per = "soon")
        public void call(String a) {}
    }

    static class NegativeCost {
        @RateLimited(limit = 1, cost = -1)
        public void call(String a) {}
    }

    static class BadKey {
        @RateLimited(limit = 1, key = "#a +")
        public void call(String a) {}
    }

    static class NoFallback {
        @RateLimited(limit = 1, fallback = "other")
        public String call(String a) {
            return a;
        }
    }
}
