package dev.millpond.runtime.internal.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.GivenSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects and checks the settings of jobs. */
public final class JobsBuilder implements Jobs.Builder {

    private static final int DEFAULT_CONCURRENCY = 4;
    private static final int MOST_CONCURRENCY = 1_000;

    private final GivenSettings given = new GivenSettings("Jobs");
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private @Nullable RedisConnection redis;
    private @Nullable Switches switches;
    private String namespace = "millpond";
    private boolean staggered = true;
    private Duration jitter = Duration.ZERO;
    private int concurrency = DEFAULT_CONCURRENCY;
    private InstantSource clock = InstantSource.system();

    /** Starts with no job. */
    public JobsBuilder() {}

    @Override
    public Jobs.Builder redis(RedisConnection connection) {
        this.redis = given.once("redis", connection);
        return this;
    }

    @Override
    public Jobs.Builder namespace(String name) {
        this.namespace = given.once("namespace", GivenSettings.name("Jobs: namespace", name));
        return this;
    }

    @Override
    public Jobs.Builder switches(Switches followed) {
        this.switches = given.once("switches", followed);
        return this;
    }

    @Override
    public Jobs.Builder job(Job job) {
        JobChecks.hasPeriodForOffset(given.notNull("job", job));
        if (jobs.putIfAbsent(job.name(), job) != null) {
            throw new IllegalArgumentException(
                    "There are two jobs '" + job.name() + "'. Give each job a name of its own.");
        }
        return this;
    }

    @Override
    public Jobs.Builder staggered(boolean spread) {
        this.staggered = given.once("staggered", spread);
        return this;
    }

    @Override
    public Jobs.Builder jitter(Duration most) {
        Duration checked = JobChecks.jitter(given.notNull("jitter", most));
        this.jitter = given.once("jitter", checked);
        return this;
    }

    @Override
    public Jobs.Builder concurrency(int most) {
        if (most < 1 || most > MOST_CONCURRENCY) {
            throw new IllegalArgumentException("Jobs: concurrency is " + most + ", must be 1 to " + MOST_CONCURRENCY
                    + ". Leave it out for " + DEFAULT_CONCURRENCY + ".");
        }
        this.concurrency = given.once("concurrency", most);
        return this;
    }

    @Override
    public Jobs.Builder clock(InstantSource timeOfDay) {
        this.clock = given.once("clock", timeOfDay);
        return this;
    }

    @Override
    public Jobs build() {
        Tokens tokens = new Tokens(clock);
        Leases own = new OwnLeases(tokens);
        return build(new JobsNode(
                clock,
                Ticker.systemTicker(),
                new TimerThread("millpond-jobs-timer"),
                new WorkerThreads(concurrency),
                own,
                redis == null ? own : new RedisLeases(redis.guard(), namespace, tokens)));
    }

    /** Makes jobs of a node that tests drive by hand. */
    LiveJobs build(JobsNode node) {
        Planner planner = new Planner(jobs.values(), staggered, Planner.shift(namespace, jitter));
        JobOrders orders = new JobOrders(redis, namespace);
        Map<String, ManagedJob> managed = new LinkedHashMap<>();
        jobs.forEach((name, job) -> managed.put(name, new ManagedJob(job, node, orders, on(job))));
        return new LiveJobs(node, planner, orders, managed);
    }

    private BooleanSupplier on(Job job) {
        Switches followed = switches;
        if (followed == null || job.neededSwitch().isEmpty()) {
            return () -> true;
        }
        Supplier<SwitchMode> mode = followed.follow(job.neededSwitch().get(), SwitchMode.ON);
        return () -> !mode.get().isOff();
    }
}
