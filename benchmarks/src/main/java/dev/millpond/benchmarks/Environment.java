package dev.millpond.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a suite ran.
 *
 * @param jdk the version of Java
 * @param redis the version of Redis
 * @param allocator what Redis takes memory from, which decides about how much it takes for a value
 * @param processors the number of processors
 * @param model what processors they are; empty if the system does not say
 * @param memoryBytes the memory of the machine, or of the container
 * @param system the name and version of the operating system
 * @param date the day
 */
public record Environment(
        String jdk,
        String redis,
        String allocator,
        int processors,
        String model,
        long memoryBytes,
        String system,
        String date) {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Pattern MODEL = Pattern.compile("(?m)^model name[\\t ]*:[\\t ]*(\\S.*)$");
    private static final double GIBIBYTE = 1 << 30;

    /** Returns where this process runs. */
    public static Environment of(RedisServer redis) {
        return new Environment(
                System.getProperty("java.version"),
                told(redis, "server", "redis_version"),
                told(redis, "memory", "mem_allocator"),
                Runtime.getRuntime().availableProcessors(),
                processorModel(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
                System.getProperty("os.name") + ' ' + System.getProperty("os.version"),
                LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC)
                        .toString());
    }

    private static String told(RedisServer redis, String section, String field) {
        return String.valueOf(redis.command("INFO", section)).replaceFirst("(?s).*" + field + ":([\\w.-]+).*", "$1");
    }

    private static String processorModel() {
        try {
            return model(Files.readString(PROCESSORS));
        } catch (IOException e) {
            return ""; // only Linux has this file
        }
    }

    /** Returns the model of the first processor that Linux lists; empty if it names none. */
    static String model(String processors) {
        Matcher line = MODEL.matcher(processors);
        return line.find() ? line.group(1).strip() : "";
    }

    /** Returns one line of prose. */
    public String text() {
        return "JDK " + jdk + ", Redis " + redis + " on " + allocator + ", " + processors + " processors"
                + (model.isEmpty() ? "" : " (" + model + ")")
                + String.format(Locale.ROOT, ", %.1f GiB of memory, ", memoryBytes / GIBIBYTE) + system + ", on "
                + date;
    }
}
