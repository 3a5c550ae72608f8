package dev.millpond.benchmarks.measure;

import java.util.Objects;

/** The address of Redis, as a process of JMH is told it. */
public final class RedisAddress {

    private static final String PROPERTY = "benchmarks.redis";

    private RedisAddress() {}

    /** Returns the option for the JVM that tells it. */
    static String option(String url) {
        return "-D" + PROPERTY + "=" + url;
    }

    /** Returns the address that this process was told. */
    public static String ofThisFork() {
        return Objects.requireNonNull(
                System.getProperty(PROPERTY),
                "System property '" + PROPERTY + "' is not set. Start it by benchmarks/run.");
    }
}
