package dev.millpond.benchmarks;

import dev.millpond.testkit.RedisServer;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Where a suite ran.
 *
 * @param jdk the version of Java
 * @param redis the version of Redis
 * @param processors the number of processors
 * @param date the day
 */
public record Environment(String jdk, String redis, int processors, String date) {

    /** Returns where this process runs. */
    public static Environment of(RedisServer redis) {
        return new Environment(
                System.getProperty("java.version"),
                String.valueOf(redis.command("INFO", "server")).replaceFirst("(?s).*redis_version:([\\w.]+).*", "$1"),
                Runtime.getRuntime().availableProcessors(),
                LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC)
                        .toString());
    }

    /** Returns one line of prose. */
    public String text() {
        return "JDK " + jdk + ", Redis " + redis + ", " + processors + " processors, on " + date;
    }
}
