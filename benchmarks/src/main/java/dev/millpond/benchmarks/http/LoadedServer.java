package dev.millpond.benchmarks.http;

import com.sun.management.OperatingSystemMXBean;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Pace;
import dev.millpond.benchmarks.measure.Sample;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/** Measures a server under load. */
final class LoadedServer {

    /** Enough that both sides always have something to do. */
    static final int CONNECTIONS = 16;

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private LoadedServer() {}

    /**
     * Returns what requests take, and what the server and this process use for each.
     *
     * @param used what the server has used since its start
     */
    static Sample sample(ClosedLoop loop, Pace pace, Callable<Sample> used) throws Exception {
        loop.run(pace.warmUp());
        Sample before = used.call();
        long ownBefore = PROCESS.getProcessCpuTime();
        LoopAnswers answers = loop.run(pace.iteration().multipliedBy(pace.iterations()));
        double ownNanos = PROCESS.getProcessCpuTime() - ownBefore;
        double requests = (double) answers.count();
        Sample answered = answers.sample();
        Sample grown = used.call().perOperation(before, requests);
        return answered.with(grown)
                .with(Metric.STRAYS, strays(answered) + strays(grown))
                .with(Metric.CLIENT_CPU, ownNanos / requests);
    }

    private static double strays(Sample sample) {
        return sample.figures().getOrDefault(Metric.STRAYS, 0.0);
    }
}
