package dev.millpond.ratelimit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.millpond.runtime.GuardedCalls;
import dev.millpond.runtime.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> module_always_keepsTheHouseRules() {
        return HouseRules.testsFor(RateLimiter.class);
    }

    @TestFactory
    Stream<DynamicTest> module_always_callsRedisThroughTheGuard() {
        return GuardedCalls.testsFor(RateLimiter.class);
    }

    @TestFactory
    Stream<DynamicTest> module_always_keepsItsOwnRules() {
        JavaClasses module = HouseRules.mainClassesOf(RateLimiter.class);
        return Stream.of(engineAlone(), redissonInFewClasses(), engineBelow(), noCache())
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(module)));
    }

    private static ArchRule engineAlone() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("..ratelimit.internal.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.bucket4j..")
                .because("an engine can be replaced only if nothing else knows what it is made of");
    }

    private static ArchRule redissonInFewClasses() {
        return noClasses()
                .that()
                .haveNameNotMatching(
                        ".*\\.(BucketScript|BucketSwap|LeaseScript|RedisBuckets|RedisPlaces|NodesKey)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.redisson..")
                .because("every call to Redis goes through RedisGuard, which is easy to see in few classes only");
    }

    private static ArchRule engineBelow() {
        return noClasses()
                .that()
                .resideInAPackage("..ratelimit.internal.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.millpond.ratelimit.internal", "..ratelimit.internal.rules..")
                .because("the path uses the engines, never the other way round");
    }

    private static ArchRule noCache() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.millpond.cache..")
                .because("an application may use one core without the other");
    }
}
