package dev.millpond.runtime;

import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own that runs one job, whose task writes with the fencing token of its run, as an
 * application would to its database.
 *
 * <p>It starts the jobs with the first line of its input, and ends with that.
 */
final class JobNodeProcess {

    static final Duration PERIOD = Duration.ofMillis(800);
    static final String JOB = "import";
    static final String NAMESPACE = "shop";
    static final String READY = "ready";
    static final String BEGUN = "begun";
    static final String ENDED = "ended";
    static final String REFUSED = "refused";

    /** Runs go on for as long as there is this key, and say so. */
    static final String HOLD = "hold";

    static final String HELD = "held";

    /**
     * Appends what the holder of a number writes, with the time that its job was due and the time that it is, both in
     * milliseconds, unless somebody has written with a higher number.
     */
    private static final String WRITE = """
            local highest = tonumber(redis.call('GET', KEYS[1]) or '0')
            local list = tonumber(ARGV[1]) < highest and ARGV[3] or KEYS[2]
            if list == KEYS[2] then redis.call('SET', KEYS[1], ARGV[1]) end
            local due = redis.call('HGET', KEYS[3], 'token') == ARGV[1] and redis.call('HGET', KEYS[3], 'due') or '0'
            local time = redis.call('TIME')
            local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
            redis.call('RPUSH', list, ARGV[2] .. ' ' .. ARGV[1] .. ' ' .. due .. ' ' .. now)
            return 0
            """;

    private static final int MOST_ATTEMPTS = 10;

    private final RedisServer redis = RedisExtension.create().server();
    private final String name;

    private JobNodeProcess(String name) {
        this.name = name;
    }

    /** Takes the name of the node. */
    public static void main(String[] arguments) throws IOException {
        new JobNodeProcess(arguments[0]).live();
    }

    private void live() throws IOException {
        try (RedisConnection connection = RedisConnection.to(redis.url());
                Jobs jobs = Jobs.builder()
                        .redis(connection)
                        .namespace(NAMESPACE)
                        .job(Job.of(JOB, this::run).every(PERIOD))
                        .build()) {
            boolean isThere = connection.awaitAvailable(Duration.ofSeconds(20));
            ask(redis, "RPUSH", READY, name + " " + isThere);
            if (System.in.read() >= 0) {
                jobs.start();
                while (System.in.read() >= 0) {
                    // Until there is no more of it.
                }
            }
        }
    }

    /** Goes on whatever it is told, as a task may that does not ask, or whose process stood still. */
    private Map<String, Long> run(JobRun run) {
        write(run, BEGUN);
        if (isHeld()) {
            ask(redis, "RPUSH", HELD, name);
            while (isHeld()) {
                boolean unused = Thread.interrupted();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        write(run, ENDED);
        return Map.of();
    }

    private boolean isHeld() {
        return ask(redis, "GET", HOLD) != null;
    }

    /** Asks Redis, again where that takes too long, as on a busy machine or in a process that stood still meanwhile. */
    static @Nullable Object ask(RedisServer redis, String... words) {
        for (int i = 1; i < MOST_ATTEMPTS; i++) {
            try {
                return redis.command(words);
            } catch (UncheckedIOException e) {
                // Once more.
            }
        }
        return redis.command(words);
    }

    private void write(JobRun run, String list) {
        ask(
                redis,
                "EVAL",
                WRITE,
                "3",
                "highest",
                list,
                NAMESPACE + ":jobs:{" + JOB + "}",
                Long.toString(run.fencingToken()),
                name,
                REFUSED);
    }
}
