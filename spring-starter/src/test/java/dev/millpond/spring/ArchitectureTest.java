package dev.millpond.spring;

import dev.millpond.runtime.GuardedCalls;
import dev.millpond.runtime.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> module_always_keepsTheHouseRules() {
        return HouseRules.testsFor(MillpondProperties.class);
    }

    @TestFactory
    Stream<DynamicTest> module_always_callsRedisThroughTheGuard() {
        return GuardedCalls.testsFor(MillpondProperties.class);
    }
}
