package dev.millpond.runtime;

import dev.millpond.testkit.FakeTicker;
import dev.millpond.testkit.internal.DaemonThreads;
import dev.millpond.testkit.internal.FaultGate;
import dev.millpond.testkit.internal.Poll;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Lives here because the testkit comes before this module, which holds the rules. */
final class TestkitArchitectureTest {

    @TestFactory
    Stream<DynamicTest> testkit_always_keepsTheHouseRules() {
        return HouseRules.testsFor(FakeTicker.class, DaemonThreads.class, FaultGate.class, Poll.class);
    }
}
