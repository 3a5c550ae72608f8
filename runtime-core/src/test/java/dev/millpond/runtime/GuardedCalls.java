package dev.millpond.runtime;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitReference;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The rules that make {@link dev.millpond.runtime.spi.RedisGuard} the only way to Redis. */
public final class GuardedCalls {

    /*
     * How can compiled code show that every call goes through the guard?
     *
     * Whoever has a client, or an object that a client made, can send something; nobody else can. So the rules follow these
     * objects. Nobody above the guard keeps one or makes one; whoever uses one was given it as an argument, by code that
     * was given it too. At the beginning of this chain is a function that takes a client, and only the guard has a client
     * to call it with. What is used of it answers with a future, so that the guard, and not the caller, decides how long
     * to wait.
     *
     * What the rules cannot see is a function that hands its client to another thread. They see through no cast either:
     * one that keeps a client as an Object, and casts it where it was given another one, is not found.
     */

    /** They take the client of an application, make one, keep it, are the guard, and read figures without a command. */
    private static final Set<String> BELOW_THE_GUARD = Set.of(
            "dev.millpond.runtime.RedisConnection",
            "dev.millpond.runtime.internal.RedisClients",
            "dev.millpond.runtime.internal.GuardedConnection",
            "dev.millpond.runtime.internal.CallGuard",
            "dev.millpond.runtime.internal.GroupedCalls",
            "dev.millpond.runtime.internal.CallGroup",
            "dev.millpond.runtime.internal.GroupedCall",
            "dev.millpond.runtime.internal.MergedCommands",
            "dev.millpond.runtime.internal.ScriptCommands",
            "dev.millpond.runtime.internal.MasterCommands",
            "dev.millpond.runtime.internal.LoneCommands",
            "dev.millpond.runtime.internal.Pipeline",
            "dev.millpond.runtime.internal.SentCommand",
            "dev.millpond.runtime.internal.MasterWrite",
            "dev.millpond.runtime.internal.RedisMasters",
            "dev.millpond.runtime.internal.ClusterCommands",
            "dev.millpond.runtime.internal.NetworkThread",
            "dev.millpond.runtime.internal.Batch",
            "dev.millpond.runtime.internal.RedissonCommands",
            "dev.millpond.runtime.internal.ConnectionPools");

    private static final String GUARD = "dev.millpond.runtime.spi.RedisGuard";
    private static final Set<String> CALLS_OF_THE_GUARD =
            Set.of("call", "callAsync", "callGrouped", "callGroupedAsync");

    /** Types of Redisson, and arrays of them, without those that can send nothing. */
    private static final Pattern CLIENT = Pattern.compile("(?:\\[+L)?org\\.redisson\\.(?!(?:"
            + "config\\..*|client\\.codec\\..*|api\\.options\\..*|api\\.listener\\..*"
            + "|api\\.RFuture|api\\.BatchOptions|api\\.BatchResult|.*\\$.*|.*Exception);?$).*");

    /** What stands for a client: the guard gives it to calls about single keys, or it was made of one. */
    private static final Set<String> COMMANDS =
            Set.of("dev.millpond.runtime.spi.KeyCommands", "dev.millpond.runtime.spi.BulkCommands");

    /** What only makes another object: nothing is sent before that is asked for something. */
    private static final Set<String> FACTORIES = Set.of("org.redisson.api.RedissonClient", "org.redisson.api.RBatch");

    private static final Set<String> PROMPT_ANSWERS = Set.of("org.redisson.api.RFuture", "org.redisson.config.Config");

    private GuardedCalls() {}

    /**
     * Returns one test per rule for the main classes of a module.
     *
     * @param anchor a class of the module's root package
     */
    public static Stream<DynamicTest> testsFor(Class<?> anchor) {
        JavaClasses module = HouseRules.mainClassesOf(anchor);
        return Stream.of(nothingKept(), nothingWaitedFor(), commandsAlone(), calledFromWithin())
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(module)));
    }

    static ArchRule nothingKept() {
        return rule(
                "keep no client of Redis, nor what one made",
                "what is kept can be used where no guard is",
                JavaClass::getFields,
                field -> involvesClient(field.getType()),
                JavaField::getFullName);
    }

    static ArchRule nothingWaitedFor() {
        return rule(
                "call only what Redisson answers with a future",
                "the guard decides how long to wait, and Redisson could wait for longer",
                JavaClass::getAccessesFromSelf,
                access -> isClient(access.getTargetOwner()) && !isPrompt(access),
                JavaAccess::getDescription);
    }

    static ArchRule commandsAlone() {
        return rule(
                "use Redisson only in functions that are given to RedisGuard",
                "no call may be without deadline, breaker and bulkhead",
                JavaClass::getAccessesFromSelf,
                access -> usesClient(access) && !isInCommand(access),
                JavaAccess::getDescription);
    }

    static ArchRule calledFromWithin() {
        return rule(
                "leave it to their own module to call what takes a client of Redis",
                "anybody else, such as a framework that injects it, would bring a client without a guard",
                JavaClass::getCodeUnits,
                unit -> takesClient(unit) && !unit.getModifiers().contains(JavaModifier.ABSTRACT) && !isReached(unit),
                JavaCodeUnit::getFullName);
    }

    /** Returns the calls of classes that need no guard which send something or may wait. */
    static Stream<String> callsBelowTheGuard(JavaClasses module) {
        return module.stream()
                .filter(type -> !isAboveTheGuard(type))
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> isClient(access.getTargetOwner()))
                .filter(access -> !isPrompt(access) || returnType(access).equals("org.redisson.api.RFuture"))
                .map(access -> access.getOriginOwner().getSimpleName() + ": "
                        + access.getTargetOwner().getSimpleName() + "." + access.getName());
    }

    private static <T> ArchRule rule(
            String description,
            String reason,
            Function<JavaClass, ? extends Collection<? extends T>> parts,
            Predicate<T> violation,
            Function<T, String> name) {
        DescribedPredicate<JavaClass> bound = describe("are above the guard", GuardedCalls::isAboveTheGuard);
        return classes()
                .that(bound)
                .should(new ArchCondition<JavaClass>(description) {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (T part : parts.apply(type)) {
                            if (violation.test(part)) {
                                events.add(SimpleConditionEvent.violated(part, name.apply(part)));
                            }
                        }
                    }
                })
                .allowEmptyShould(true)
                .as("classes should " + description)
                .because(reason);
    }

    private static boolean isAboveTheGuard(JavaClass type) {
        return !BELOW_THE_GUARD.contains(type.getName().replaceFirst("\\$.*", ""));
    }

    private static boolean isClient(JavaClass type) {
        return COMMANDS.contains(type.getName())
                || CLIENT.matcher(type.getName()).matches();
    }

    private static boolean involvesClient(JavaType type) {
        return type.getAllInvolvedRawTypes().stream().anyMatch(GuardedCalls::isClient);
    }

    private static boolean isPrompt(JavaAccess<?> access) {
        return COMMANDS.contains(access.getTargetOwner().getName())
                || PROMPT_ANSWERS.contains(returnType(access))
                || (FACTORIES.contains(access.getTargetOwner().getName())
                        && access.getTarget() instanceof CodeUnitAccessTarget target
                        && isClient(target.getRawReturnType()));
    }

    /** Tells whether it is called, or what it implements. */
    private static boolean isReached(JavaCodeUnit unit) {
        return !unit.getAccessesToSelf().isEmpty()
                || unit.getOwner().getAllRawInterfaces().stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.getName().equals(unit.getName()))
                        .filter(method -> method.getRawParameterTypes().equals(unit.getRawParameterTypes()))
                        .anyMatch(method -> !method.getAccessesToSelf().isEmpty());
    }

    private static String returnType(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawReturnType().getName()
                : "";
    }

    private static boolean usesClient(JavaAccess<?> access) {
        return isClient(access.getTargetOwner())
                || (access.getTarget() instanceof CodeUnitAccessTarget target
                        && target.getRawParameterTypes().stream().anyMatch(GuardedCalls::isClient));
    }

    private static boolean isInCommand(JavaAccess<?> access) {
        boolean inFunction = access.isDeclaredInLambda() || access instanceof JavaCodeUnitReference;
        return takesClient(access.getOrigin()) || (inFunction && givesFunctionsOn(access.getOrigin()));
    }

    private static boolean takesClient(JavaCodeUnit unit) {
        return unit.getRawParameterTypes().stream().anyMatch(GuardedCalls::isClient);
    }

    /** Tells whether it gives functions to the guard, to what passes them on, or to its caller. */
    private static boolean givesFunctionsOn(JavaCodeUnit unit) {
        return isFunctionOfClient(unit.getRawReturnType())
                || unit.getCallsFromSelf().stream().anyMatch(call -> takesFunctionOfClient(call.getTarget()));
    }

    private static boolean isFunctionOfClient(JavaClass type) {
        return type.isInterface()
                && type.getMethods().stream()
                        .anyMatch(
                                method -> method.getModifiers().contains(JavaModifier.ABSTRACT) && takesClient(method));
    }

    private static boolean takesFunctionOfClient(CodeUnitAccessTarget target) {
        boolean isGuard = target.getOwner().getName().equals(GUARD) && CALLS_OF_THE_GUARD.contains(target.getName());
        return isGuard
                || target.resolveMember().stream()
                        .flatMap(unit -> ((JavaCodeUnit) unit).getParameterTypes().stream())
                        .anyMatch(type -> !isClient(type.toErasure()) && involvesClient(type));
    }
}
