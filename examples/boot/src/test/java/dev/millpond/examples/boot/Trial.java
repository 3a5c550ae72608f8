package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.Standstills;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** One fault under traffic, from before it begins until the application has recovered. */
final class Trial implements AutoCloseable {

    /** From the repair; the time in which this process stood still comes on top. */
    private static final Duration RECOVERED = Duration.ofSeconds(2);

    /** After which nobody waits for a recovery that has to be reported as too late. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What a decision may wait for Redis, and what one call of the cache may. */
    private static final Duration DECISION = Duration.ofMillis(50);

    private static final Duration CALL = Duration.ofMillis(300);

    /**
     * The miss of a table asks Redis for it, for its lease, for its matches, for the leases of those, and has both
     * stored: six calls, one after the other. Nothing else asks for more.
     */
    private static final int CALLS = 6;

    /** The time in which this process stood still comes on top. */
    private static final Duration SLOWEST_REQUEST = DECISION.plus(CALL.multipliedBy(CALLS));

    /** How many lines may be logged at once, and how many more each second, however many requests there are. */
    private static final int LINES = 30;

    private static final int LINES_PER_SECOND = 10;

    /** What the tier of the limited visitor has at once, and gets back. */
    private static final int TOKENS = 12;

    private static final int SECONDS_PER_TOKEN = 6;

    /** Its buckets: in Redis, in the process while Redis is away, and in a Redis that has lost the first. */
    private static final int BUCKETS = 3;

    private final String fault;
    private final Visitor watcher;
    private final Traffic traffic;
    private final long startedAt = System.nanoTime();
    private final Standstills standstills = Standstills.watch();
    private Duration recovery = Duration.ZERO;
    private Duration stoodStillMeanwhile = Duration.ZERO;
    private long seconds;
    private List<String> lines = List.of();

    private Trial(String fault, URI application) throws Exception {
        this.fault = fault;
        this.watcher = new Visitor(application, "demo-enterprise");
        CountedLog.clear();
        this.traffic = Traffic.to(application, standstills);
    }

    /** Begins the traffic. */
    static Trial begin(String fault, URI application) throws Exception {
        return new Trial(fault, application);
    }

    /** Lets the fault last. */
    void last(Duration duration, boolean noticed) {
        long startedAt = System.nanoTime();
        await().atMost(PATIENCE.plus(duration))
                .until(() -> System.nanoTime() - startedAt >= duration.toNanos() && (!noticed || !healthy()));
    }

    /** Waits until all is well again. */
    void recover() {
        Duration before = standstills.total();
        long startedAt = System.nanoTime();
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> recovered(watcher));
        recovery = Duration.ofNanos(System.nanoTime() - startedAt);
        stoodStillMeanwhile = standstills.total().minus(before);
    }

    private boolean healthy() throws Exception {
        return healthy(watcher);
    }

    /** Tells whether Redis answers, all invalidations are known, and the cache answers. */
    static boolean recovered(Visitor watcher) throws Exception {
        return healthy(watcher) && watcher.get("/standings/F").fromCache();
    }

    private static boolean healthy(Visitor watcher) throws Exception {
        JsonNode health = watcher.get("/actuator/health").json().at("/components/millpond/details");
        return health.get("status").stringValue().equals("UP")
                && health.at("/checks/redis").stringValue().equals("up");
    }

    /** Ends the traffic, and returns a line of the report. */
    String end() {
        close();
        seconds = Duration.ofNanos(System.nanoTime() - startedAt).toSeconds() + 1;
        lines = CountedLog.lines();
        Observations seen = traffic.seen();
        return String.format(
                Locale.ROOT,
                "%-28s %8d %8.1f %8.1f %8.1f %4d %6d %6d %9d %8d %6d %6d",
                fault,
                seen.count(),
                millis(seen.quantile(0.5)),
                millis(seen.quantile(0.999)),
                millis(seen.quantile(1)),
                seen.failed().size(),
                seen.wrong().size(),
                traffic.admitted(),
                recovery.toMillis(),
                stoodStillMeanwhile.toMillis(),
                ownLines(),
                lines.size() - ownLines());
    }

    private long ownLines() {
        return lines.stream().filter(line -> line.startsWith("dev.millpond.")).count();
    }

    /** Tells whether the recovery took longer than it may. */
    boolean late() {
        return recovery.compareTo(longestRecovery()) > 0;
    }

    private Duration longestRecovery() {
        return RECOVERED.plus(stoodStillMeanwhile);
    }

    /** Checks that it did not. */
    void checkRecovery() {
        assertThat(recovery)
                .as("%s: time to recover, of which the process stood still for %s", fault, stoodStillMeanwhile)
                .isLessThanOrEqualTo(longestRecovery());
    }

    /** Checks what else was seen until the {@linkplain #end end}. */
    void check() {
        Observations seen = traffic.seen();
        assertThat(seen.wrong().stream().limit(10))
                .as("%s: wrong answers", fault)
                .isEmpty();
        assertThat(seen.failed()).as("%s: failed requests", fault).isEmpty();
        assertThat(seen.denied()).as("%s: denied requests", fault).isPositive();
        assertThat(traffic.admitted())
                .as("%s: admitted requests of a tier with %s tokens", fault, TOKENS)
                .isLessThanOrEqualTo(BUCKETS * (TOKENS + (int) seconds / SECONDS_PER_TOKEN + 1));
        assertThat(seen.slowestWithoutStandstills())
                .as("%s: slowest request, without the time in which the process stood still", fault)
                .isLessThan(SLOWEST_REQUEST);
        assertThat(lines)
                .as("%s: lines of log of %s requests", fault, seen.count())
                .hasSizeLessThanOrEqualTo((int) (LINES + LINES_PER_SECOND * seconds));
    }

    @Override
    public void close() {
        traffic.close();
        standstills.close();
    }

    static String heading() {
        return String.format(
                "%-28s %8s %8s %8s %8s %4s %6s %6s %9s %8s %6s %6s",
                "fault",
                "requests",
                "p50 ms",
                "p99.9 ms",
                "max ms",
                "bad",
                "wrong",
                "free",
                "back ms",
                "still ms",
                "log",
                "client");
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
