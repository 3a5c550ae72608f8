package dev.millpond.runtime;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> module_always_keepsTheHouseRules() throws ClassNotFoundException {
        return HouseRules.testsFor(RedisConnection.class, Class.forName("dev.millpond.runtime.internal.DaemonThreads"));
    }
}
