package dev.millpond.cache;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.millpond.runtime.GuardedCalls;
import dev.millpond.runtime.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

    private static final String ROOT = "dev.millpond.cache";
    private static final String INTERNAL = ROOT + ".internal";
    private static final String REDIS = INTERNAL + ".redis";

    /** The exempt class makes the threads of asynchronous reads. */
    @TestFactory
    Stream<DynamicTest> module_always_keepsTheHouseRules() throws ClassNotFoundException {
        return HouseRules.testsFor(CacheRegistry.class, Class.forName(INTERNAL + ".AsyncExecutor"));
    }

    @TestFactory
    Stream<DynamicTest> module_always_callsRedisThroughTheGuard() {
        return GuardedCalls.testsFor(CacheRegistry.class);
    }

    @TestFactory
    Stream<DynamicTest> module_always_keepsItsOwnRules() {
        JavaClasses module = HouseRules.mainClassesOf(CacheRegistry.class);
        return Stream.of(
                        spiAlone(),
                        oneWayIn(),
                        redissonInOnePackage(),
                        redisBehindItsBackend(),
                        redisBelow(),
                        jacksonInOneClass(),
                        caffeineInOneClass(),
                        noRateLimiter())
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(module)));
    }

    private static ArchRule spiAlone() {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + ".spi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INTERNAL + "..")
                .because("whoever writes a store or a codec must be able to do so without our internals");
    }

    private static ArchRule oneWayIn() {
        return noClasses()
                .that()
                .resideInAPackage(ROOT)
                .and()
                .doNotHaveFullyQualifiedName(CacheRegistry.class.getName())
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INTERNAL + "..")
                .because("the API is what users compile against; only CacheRegistry.builder() leads to how it works");
    }

    private static ArchRule redissonInOnePackage() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(REDIS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.redisson..")
                .because("Redisson is optional: a registry without Redis must load without it");
    }

    private static ArchRule redisBehindItsBackend() {
        return classes()
                .that()
                .resideInAPackage(REDIS)
                .and()
                .doNotHaveSimpleName("RedisBackend")
                .should()
                .notBePublic()
                .because("the rest of the cache knows the store and the log by their spi only");
    }

    private static ArchRule redisBelow() {
        return noClasses()
                .that()
                .resideInAPackage(REDIS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, INTERNAL)
                .because("a store and a log know nothing of caches, so that others can take their place");
    }

    private static ArchRule jacksonInOneClass() {
        return noClasses()
                .that()
                .haveNameNotMatching(".*\\.JsonCodec(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .because("the stored format is a codec's business, and users may bring another one");
    }

    private static ArchRule caffeineInOneClass() {
        return noClasses()
                .that()
                .doNotHaveSimpleName("LocalTier")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("com\\.github\\.benmanes\\.caffeine\\.cache\\.(Cache|Caffeine|LoadingCache)")
                .because("one class bounds the first level; the others take a Ticker from Caffeine and nothing else");
    }

    private static ArchRule noRateLimiter() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.millpond.ratelimit..")
                .because("an application may use one core without the other");
    }
}
