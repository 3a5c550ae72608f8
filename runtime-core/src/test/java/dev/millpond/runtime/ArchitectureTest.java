package dev.millpond.runtime;

import dev.millpond.runtime.internal.jobs.Terminal;
import dev.millpond.runtime.spi.DaemonThreads;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> module_always_keepsTheHouseRules() {
        return HouseRules.testsFor(RedisConnection.class, DaemonThreads.class, Terminal.class);
    }
}
