package dev.millpond.cache.internal.redis;

import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.client.codec.StringCodec;

/** What the tests of the scripts share: a real Redis, its channel, and users who may do less. */
abstract class ScriptTests {

    static final LogKeys LOG = LogKeys.of("scripts");
    static final String KEY = "entry";

    /** As long as every lease is: a letter and 16 bytes. */
    static final String LEASE = "Lnode0001attempt1";

    static final String WAITED_FOR = LEASE + '+';
    static final Duration BUDGET = Duration.ofSeconds(2);

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String USER = "limited";
    private static final String END = "end";

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    static @Nullable Object command(String... words) {
        return redis.server().command(words);
    }

    static void store(String value) {
        command("SET", KEY, value, "PX", "60000");
    }

    static @Nullable Object stored() {
        return command("GET", KEY);
    }

    static long millisLeft() {
        return Long.parseLong(String.valueOf(command("PTTL", KEY)));
    }

    /** Runs a script on the entry. */
    static @Nullable Object onEntry(String script, String... arguments) {
        return eval(script, List.of(KEY), arguments);
    }

    static @Nullable Object eval(String script, List<String> keys, String... arguments) {
        List<String> words = new ArrayList<>(List.of("EVAL", script, "" + keys.size()));
        words.addAll(keys);
        words.addAll(List.of(arguments));
        return command(words.toArray(String[]::new));
    }

    /** Returns what the channel of the log says while something happens. */
    static List<String> heardDuring(Runnable action) {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (RedisConnection connection = PatientRedis.connect(redis.url())) {
            connection
                    .guard()
                    .call(
                            BUDGET,
                            client -> client.getTopic(LOG.channel(), StringCodec.INSTANCE)
                                    .addListenerAsync(String.class, (channel, message) -> heard.add(message)));
            action.run();
            command("PUBLISH", LOG.channel(), END);
            await().until(() -> heard.contains(END));
        }
        return heard.subList(0, heard.indexOf(END));
    }

    /** Does something as a user with all rights but some. */
    static void asUserWith(String restriction, Consumer<RedisGuard> action) {
        command("ACL", "SETUSER", USER, "reset", "on", ">word", "~*", "&*", "+@all", restriction);
        try (RedisConnection connection =
                PatientRedis.connect(redis.url().replace("redis://", "redis://" + USER + ":word@"))) {
            action.accept(connection.guard());
        } finally {
            command("ACL", "DELUSER", USER);
        }
    }
}
