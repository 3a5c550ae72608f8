package dev.millpond.benchmarks;

import dev.millpond.benchmarks.http.ServletServer;
import dev.millpond.benchmarks.http.StartedApplication;
import dev.millpond.benchmarks.races.StampedeWorker;
import dev.millpond.benchmarks.scaling.NodeProcess;
import dev.millpond.runtime.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

    /** The exempt classes are command lines: what they print is what they are for. */
    @TestFactory
    Stream<DynamicTest> module_always_keepsTheHouseRules() {
        return HouseRules.testsFor(
                Benchmarks.class,
                Benchmarks.class,
                StampedeWorker.class,
                NodeProcess.class,
                ServletServer.class,
                StartedApplication.class);
    }
}
