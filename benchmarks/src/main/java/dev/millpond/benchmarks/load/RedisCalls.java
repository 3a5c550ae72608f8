package dev.millpond.benchmarks.load;

import dev.millpond.testkit.RedisServer;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How often Redis was called by clients, by command.
 *
 * @param byCommand the calls of each command; those that scripts make are among them
 */
record RedisCalls(Map<String, Long> byCommand) {

    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

    static RedisCalls of(RedisServer redis) {
        return new RedisCalls(CALLS.matcher(String.valueOf(redis.command("INFO", "commandstats")))
                .results()
                .collect(Collectors.toMap(call -> call.group(1), call -> Long.valueOf(call.group(2)), Long::sum)));
    }

    /** Returns the calls of scripts. */
    long scripts() {
        return byCommand.getOrDefault("evalsha", 0L) + byCommand.getOrDefault("eval", 0L);
    }
}
