package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.millpond.testkit.internal.DaemonThreads;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;

final class HouseRulesTest {

    private static final DescribedPredicate<JavaClass> ALL = DescribedPredicate.alwaysTrue();

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of(Named.of("foreign internals", ForeignInternals.class), foreignInternals()),
                Arguments.of(Named.of("hidden client", NamesClient.class), HouseRules.hiddenClientLibraries()),
                Arguments.of(Named.of("clock call", ReadsClock.class), HouseRules.noSystemClock(ALL)),
                Arguments.of(Named.of("clock reference", RefersToClock.class), HouseRules.noSystemClock(ALL)),
                Arguments.of(Named.of("wall clock reference", RefersToWallClock.class), HouseRules.noSystemClock(ALL)),
                Arguments.of(Named.of("sleep", Sleeps.class), HouseRules.noSleep(ALL)),
                Arguments.of(Named.of("thread", MakesThread.class), HouseRules.noThreads(ALL)),
                Arguments.of(Named.of("java.util.logging", UsesOldLogging.class), HouseRules.noJavaUtilLogging(ALL)),
                Arguments.of(Named.of("print", Prints.class), HouseRules.noPrinting(ALL)));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void check_classThatBreaksTheRule_isFound(Class<?> violator, ArchRule rule) {
        JavaClasses classes = HouseRules.read(importer -> importer.importClasses(violator));

        assertThat(rule.evaluate(classes).hasViolation()).isTrue();
    }

    @Test
    void check_packageWithoutPackageInfo_isFound() {
        JavaClasses classes = HouseRules.read(importer -> importer.importClasses(String.class));

        assertThat(HouseRules.nullMarkedPackages().evaluate(classes).hasViolation())
                .isTrue();
    }

    @Test
    void check_sharedClientInASignature_isAllowed() {
        JavaClasses classes = HouseRules.read(importer -> importer.importClasses(TakesSharedClient.class));

        assertThat(HouseRules.hiddenClientLibraries().evaluate(classes).hasViolation())
                .isFalse();
    }

    private static ArchRule foreignInternals() {
        return HouseRules.noForeignInternals("dev.millpond.runtime");
    }

    static final class ForeignInternals {
        DaemonThreads threads = new DaemonThreads("foreign");
    }

    public static final class NamesClient {
        public void use(RBucket<String> bucket) {}
    }

    public static final class TakesSharedClient {
        public void use(RedissonClient client) {}
    }

    static final class ReadsClock {
        long now = System.nanoTime();
    }

    static final class RefersToClock {
        LongSupplier now = System::currentTimeMillis;
    }

    static final class RefersToWallClock {
        Supplier<Instant> now = Instant::now;
    }

    static final class Sleeps {
        void sleep() throws InterruptedException {
            Thread.sleep(0);
        }
    }

    static final class MakesThread {
        Thread thread = new Thread(() -> {});
    }

    static final class UsesOldLogging {
        Logger logger = Logger.getLogger("old");
    }

    static final class Prints {
        void print() {
            System.out.println();
        }
    }
}
