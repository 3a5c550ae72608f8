package dev.millpond.runtime;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.net.URL;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;

/**
 * The rules that the code of every module keeps, each with its reason.
 *
 * <p>A module depends on {@code millpond-runtime-core} once more, with {@code <type>test-jar</type>} and
 * {@code <scope>test</scope>}, and has one test class:
 *
 * <pre>{@code
 * final class ArchitectureTest {
 *
 *     @TestFactory
 *     Stream<DynamicTest> module_always_keepsTheHouseRules() {
 *         return HouseRules.testsFor(CacheRegistry.class, DaemonThreads.class);
 *     }
 * }
 * }</pre>
 *
 * <p>The first argument is a class of the module's root package. The others are exempt from the rules about clock,
 * threads, waiting, logging and printing, because that is what they are for. Only the module's own main classes are
 * read, which takes a second or two.
 */
public final class HouseRules {

    private static final Set<String> CLIENT_PACKAGES = Set.of("org.redisson", "io.github.bucket4j");
    private static final String SHARED_CLIENT = "org.redisson.api.RedissonClient";

    private HouseRules() {}

    /**
     * Returns one test per rule for the main classes of a module.
     *
     * @param anchor a class of the module's root package
     * @param exempt the classes that may read the clock, make threads, wait, log or print as they like, with the
     *     classes nested in them
     */
    public static Stream<DynamicTest> testsFor(Class<?> anchor, Class<?>... exempt) {
        JavaClasses module = mainClassesOf(anchor);
        Set<String> exemptNames = Arrays.stream(exempt).map(Class::getName).collect(Collectors.toSet());
        DescribedPredicate<JavaClass> bound = describe(
                "are not exempt", type -> !exemptNames.contains(type.getName().replaceFirst("\\$.*", "")));
        return Stream.of(
                        noForeignInternals(anchor.getPackageName()),
                        nullMarkedPackages(),
                        hiddenClientLibraries(),
                        noSystemClock(bound),
                        noSleep(bound),
                        noThreads(bound),
                        noJavaUtilLogging(bound),
                        noPrinting(bound))
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(module)));
    }

    /**
     * Returns the main classes of a module, for rules of its own; only names of other classes are known.
     *
     * @param anchor one of them
     */
    public static JavaClasses mainClassesOf(Class<?> anchor) {
        URL location = anchor.getProtectionDomain().getCodeSource().getLocation();
        return read(importer -> importer.importUrl(location));
    }

    static ArchRule noForeignInternals(String rootPackage) {
        return noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.millpond..internal..").and(not(resideInAPackage(rootPackage + ".."))))
                .as("no class should use the internal package of another module")
                .because("internal packages change without notice; what others need belongs into an spi package");
    }

    static ArchRule nullMarkedPackages() {
        return classes()
                .should(satisfy(
                        "reside in a package with @NullMarked",
                        type -> type.getPackage()
                                .tryGetPackageInfo()
                                .filter(info -> info.isAnnotatedWith(NullMarked.class))
                                .isPresent()))
                .as("every package should have a package-info with @NullMarked")
                .because("NullAway checks only marked packages, and readers expect one sentence on each");
    }

    static ArchRule hiddenClientLibraries() {
        return methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat(not(resideInAPackage("..internal..")))
                .and()
                .areDeclaredInClassesThat(
                        describe("are public", type -> type.getModifiers().contains(JavaModifier.PUBLIC)))
                .should(satisfy("hide client libraries", HouseRules::hidesClientLibraries))
                .allowEmptyShould(true)
                .as("no public signature should name a Redisson or Bucket4j type but RedissonClient")
                .because("the API must outlive a new major version of these libraries");
    }

    static ArchRule noSystemClock(DescribedPredicate<JavaClass> bound) {
        return noClasses()
                .that(bound)
                .should()
                .accessTargetWhere(target("the system clock", "java.lang.System", "currentTimeMillis", "nanoTime")
                        .or(target("the system clock", "java.time.Instant", "now"))
                        .or(target("the system clock", "java.time.Clock", "systemUTC", "systemDefaultZone")))
                .as("no class should read the system clock")
                .because("tests drive time by hand: take a Ticker or an InstantSource");
    }

    static ArchRule noSleep(DescribedPredicate<JavaClass> bound) {
        return noClasses()
                .that(bound)
                .should()
                .accessTargetWhere(target("sleep", "java.lang.Thread", "sleep"))
                .as("no class should sleep")
                .because("a sleeping thread cannot be told to go on: wait for a signal, with a limit");
    }

    static ArchRule noThreads(DescribedPredicate<JavaClass> bound) {
        return noClasses()
                .that(bound)
                .should()
                .accessTargetWhere(target("a new thread", "java.lang.Thread", "<init>"))
                .as("no class should make threads")
                .because("threads need a name, daemon status and an end: one class per module makes them");
    }

    static ArchRule noJavaUtilLogging(DescribedPredicate<JavaClass> bound) {
        return noClasses()
                .that(bound)
                .should(USE_JAVA_UTIL_LOGGING)
                .as("no class should use java.util.logging")
                .because("the library logs through SLF4J only, so that an application configures one system");
    }

    static ArchRule noPrinting(DescribedPredicate<JavaClass> bound) {
        return noClasses()
                .that(bound)
                .should(ACCESS_STANDARD_STREAMS)
                .as("no class should print")
                .because("what a library has to say goes into the log, where it can be filtered");
    }

    /** Reads names only, which is all that the rules look at: to resolve the JDK classes they mention takes longer. */
    static JavaClasses read(Function<ClassFileImporter, JavaClasses> selection) {
        return ArchConfiguration.withThreadLocalScope(configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return selection.apply(new ClassFileImporter());
        });
    }

    private static boolean hidesClientLibraries(JavaMethod method) {
        return Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                .map(JavaClass::getName)
                .filter(name -> CLIENT_PACKAGES.stream().anyMatch(name::startsWith))
                .allMatch(SHARED_CLIENT::equals);
    }

    /** Covers calls and method references alike. */
    private static DescribedPredicate<JavaAccess<?>> target(String description, String owner, String... names) {
        Set<String> members = Set.of(names);
        return describe(
                description,
                access -> access.getTargetOwner().getName().equals(owner) && members.contains(access.getName()));
    }

    private static <T> ArchCondition<T> satisfy(String description, Predicate<T> predicate) {
        return new ArchCondition<>(description) {
            @Override
            public void check(T item, ConditionEvents events) {
                String name = item instanceof JavaMember member ? member.getFullName() : item.toString();
                events.add(new SimpleConditionEvent(item, predicate.test(item), name + " does not " + description));
            }
        };
    }
}
