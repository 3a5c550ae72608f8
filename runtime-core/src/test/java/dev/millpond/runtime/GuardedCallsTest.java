package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.Redisson;
import org.redisson.api.RBatch;
import org.redisson.api.RBucket;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Each rule finds the classes that break it, and leaves alone those that go through the guard in the ways in use. */
final class GuardedCallsTest {

    private static final Duration BUDGET = Duration.ofMillis(1);

    static final List<ArchRule> RULES = List.of(
            GuardedCalls.nothingKept(),
            GuardedCalls.nothingWaitedFor(),
            GuardedCalls.commandsAlone(),
            GuardedCalls.calledFromWithin());

    static Stream<Arguments> violations() {
        return Stream.of(
                violation(KeepsClient.class, GuardedCalls.nothingKept()),
                violation(KeepsWhatAClientMade.class, GuardedCalls.nothingKept()),
                violation(KeepsClientForLater.class, GuardedCalls.nothingKept()),
                violation(Waits.class, GuardedCalls.nothingWaitedFor()),
                violation(WaitsForABatch.class, GuardedCalls.nothingWaitedFor()),
                violation(RefersToWhatWaits.class, GuardedCalls.nothingWaitedFor()),
                violation(MakesClient.class, GuardedCalls.commandsAlone()),
                violation(FindsClient.class, GuardedCalls.commandsAlone()),
                violation(SendsBesideTheGuard.class, GuardedCalls.commandsAlone()),
                violation(SendsOnItsOwn.class, GuardedCalls.commandsAlone()),
                violation(GivesFunctionToAnother.class, GuardedCalls.commandsAlone()),
                violation(IsGivenClientFromOutside.class, GuardedCalls.calledFromWithin()));
    }

    private static Arguments violation(Class<?> violator, ArchRule rule) {
        return Arguments.of(Named.of(violator.getSimpleName(), violator), rule);
    }

    @ParameterizedTest
    @MethodSource("violations")
    void check_classThatBreaksTheRule_isFound(Class<?> violator, ArchRule rule) {
        JavaClasses classes = HouseRules.read(importer -> importer.importClasses(violator));

        assertThat(rule.evaluate(classes).hasViolation()).isTrue();
    }

    @ParameterizedTest
    @FieldSource("RULES")
    void check_callsThroughTheGuard_areAllowed(ArchRule rule) {
        JavaClasses classes = HouseRules.read(
                importer -> importer.importClasses(ThroughTheGuard.class, Passing.class, Question.class));

        assertThat(rule.evaluate(classes).getFailureReport().getDetails()).isEmpty();
    }

    /** What is sent below the guard is looked at by another test, which would not find anything either. */
    @Test
    void callsBelowTheGuard_ofOtherClasses_areNone() {
        JavaClasses classes = HouseRules.read(importer -> importer.importClasses(Waits.class));

        assertThat(GuardedCalls.callsBelowTheGuard(classes)).isEmpty();
    }

    static final class ThroughTheGuard {

        private final RedisGuard guard;

        ThroughTheGuard(RedisGuard guard) {
            this.guard = guard;
        }

        Object lambda() {
            return guard.call(BUDGET, client -> client.getBucket("a").getAsync());
        }

        CompletionStage<Object> reference() {
            return guard.callAsync(BUDGET, ThroughTheGuard::command);
        }

        private static CompletionStage<Object> command(RedissonClient client) {
            return bucket(client).getAsync().thenCompose(value -> bucket(client).getAsync());
        }

        private static RBucket<Object> bucket(RedissonClient client) {
            return client.getBucket("a");
        }

        Object passedOn() {
            return new Passing().pass(guard, client -> client.getBucket("a").getAsync());
        }

        CompletionStage<Long> question() {
            Question<Long> question = question("a");
            return guard.callAsync(BUDGET, client -> question.to(client.getScript()));
        }

        private static Question<Long> question(String sha) {
            return script -> script.evalShaAsync(Mode.READ_ONLY, sha, ReturnType.LONG);
        }
    }

    static final class Passing {

        <T> T pass(RedisGuard guard, Function<RedissonClient, CompletionStage<T>> command) {
            return guard.call(BUDGET, command);
        }
    }

    interface Question<T> {

        RFuture<T> to(RScriptAsync script);
    }

    record KeepsClient(RedissonClient client) {}

    record KeepsWhatAClientMade(Optional<RBucket<String>[]> buckets) {}

    record KeepsClientForLater(Supplier<RedissonClient> client) {}

    record Waits(RedisGuard guard) {
        CompletionStage<Object> read() {
            return guard.callAsync(
                    BUDGET,
                    client -> client.getBucket("a")
                            .getAsync()
                            .thenApply(value -> client.getBucket("b").get()));
        }
    }

    record WaitsForABatch(RedisGuard guard) {
        Object send() {
            return guard.<Object>call(BUDGET, client -> {
                RBatch batch = client.createBatch();
                return CompletableFuture.completedFuture(batch.execute());
            });
        }
    }

    static final class RefersToWhatWaits {
        static void close(RedissonClient client, List<Runnable> closings) {
            closings.add(client::shutdown);
        }
    }

    static final class MakesClient {
        Object make() {
            return Redisson.create(new Config());
        }
    }

    static final class FindsClient {
        CompletionStage<Object> find(Supplier<Object> beans) {
            return ((RedissonClient) beans.get()).getBucket("a").getAsync();
        }
    }

    record SendsBesideTheGuard(RedisGuard guard, Supplier<Object> beans) {
        CompletionStage<Object> send() {
            CompletionStage<Object> first =
                    ((RedissonClient) beans.get()).getBucket("a").getAsync();
            return first.thenCompose(value ->
                    guard.callAsync(BUDGET, client -> client.getBucket("a").getAsync()));
        }
    }

    static final class SendsOnItsOwn {
        CompletionStage<Object> send(Supplier<Object> beans) {
            return ThroughTheGuard.command((RedissonClient) beans.get());
        }
    }

    static final class GivesFunctionToAnother {
        Object send(Optional<RedissonClient> client) {
            return client.map(there -> there.getBucket("a").getAsync());
        }
    }

    static final class IsGivenClientFromOutside {
        CompletionStage<Object> bean(RedissonClient client) {
            return client.getBucket("a").getAsync();
        }
    }
}
