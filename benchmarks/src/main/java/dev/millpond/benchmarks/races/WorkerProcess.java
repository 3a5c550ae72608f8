package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.ChildJvm;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A {@link StampedeWorker} in a JVM of its own. */
final class WorkerProcess {

    private WorkerProcess() {}

    /** Starts a process with the class path of this one. */
    static ChildJvm start(String redisUrl, int callers, long loadMillis) throws IOException {
        return ChildJvm.start(
                ChildJvm.ownClassPath(),
                List.of(
                        "-Xmx256m",
                        "-Dlogback.configurationFile=logback.xml",
                        StampedeWorker.class.getName(),
                        Integer.toString(callers),
                        Long.toString(loadMillis)),
                Map.of("MILLPOND_TEST_REDIS", redisUrl));
    }
}
