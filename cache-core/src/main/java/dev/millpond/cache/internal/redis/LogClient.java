package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** The commands of the invalidation log; each fails if Redis gives no answer in time. */
final class LogClient {

    private static final int MOST_RECORDS = 20_000;

    /** As many as the table of a node holds: it could not make use of more. */
    private static final int MOST_NAMES = 40_000;

    private static final int RECORDS_PER_POLL = 1_000;
    private static final int BYTES_PER_POLL = 256 * 1_024;

    private final RedisGuard redis;
    private final LogKeys keys;
    private final Duration budget;
    private final LogChannel channel;

    LogClient(RedisGuard redis, LogKeys keys, Duration budget, Ticker ticker) {
        this.redis = redis;
        this.keys = keys;
        this.budget = budget;
        this.channel = new LogChannel(redis, keys.channel(), budget, ticker);
    }

    /**
     * Begins to append an invalidation.
     *
     * @param epoch the epoch of what the node knows
     * @param applied up to which number it knows everything
     */
    CompletionStage<LogRecord> append(List<String> names, String epoch, long applied) {
        CompletionStage<String> answer = redis.callAsync(
                budget,
                client -> client.getScript(StringCodec.INSTANCE)
                        .<String>evalAsync(
                                Mode.READ_WRITE,
                                Scripts.INVALIDATE,
                                ReturnType.VALUE,
                                List.of(keys.table(), keys.log()),
                                newEpoch(),
                                "" + MOST_RECORDS,
                                "" + MOST_NAMES,
                                keys.channel(),
                                "PUBLISH",
                                LogRecord.join(names),
                                "" + names.size(),
                                epoch,
                                "" + applied));
        return answer.thenApply(text -> LogRecord.parse(text).withNames(names));
    }

    /** Returns what was appended since a node's epoch and number, or the oldest part of that. */
    Page poll(String epoch, long applied) {
        List<String> answer = call(client -> client.getScript(StringCodec.INSTANCE)
                .<List<String>>evalAsync(
                        Mode.READ_WRITE,
                        Scripts.POLL,
                        ReturnType.LIST,
                        List.of(keys.table(), keys.log()),
                        epoch,
                        "" + applied,
                        newEpoch(),
                        "" + RECORDS_PER_POLL,
                        "" + BYTES_PER_POLL));
        return Page.of(answer);
    }

    /**
     * Begins to ask for the epoch and the number of the last invalidation; the epoch is empty in a log that is not
     * there.
     */
    CompletionStage<End> end() {
        return redis.<Map<String, String>>callAsync(
                        budget,
                        client -> client.<String, String>getMap(keys.table(), StringCodec.INSTANCE)
                                .getAllAsync(Set.of("@e", "@s")))
                .thenApply(
                        state -> new End(state.getOrDefault("@e", ""), Long.parseLong(state.getOrDefault("@s", "0"))));
    }

    /** Ends the epoch: every node forgets everything at its next poll. */
    void startOver() {
        call(client -> client.getKeys().unlinkAsync(keys.table(), keys.log()));
    }

    /** Listens to the channel, if it does not yet; the connection listens again by itself after a loss. */
    void subscribe(Consumer<String> listener) {
        channel.subscribe(listener);
    }

    /** Stops listening, without waiting. */
    void unsubscribe() {
        channel.close();
    }

    private <T> T call(Function<RedissonClient, CompletionStage<T>> command) {
        return UninterruptedCalls.call(redis, budget, command);
    }

    private static String newEpoch() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    /**
     * Where the log ends.
     *
     * @param epoch the life of the log; empty if there is none
     * @param sequence the number of its last invalidation
     */
    record End(String epoch, long sequence) {}

    /**
     * The answer to a poll.
     *
     * @param epoch the life of the log
     * @param last the number of its last invalidation
     * @param floor the number up to which it has forgotten
     * @param records what the node has not applied, oldest first
     */
    record Page(String epoch, long last, long floor, List<LogRecord> records) {

        static Page of(List<String> answer) {
            String epoch = answer.get(0);
            List<LogRecord> records = new ArrayList<>();
            for (int i = 3; i + 1 < answer.size(); i += 2) {
                records.add(new LogRecord(epoch, Long.parseLong(answer.get(i)), LogRecord.split(answer.get(i + 1))));
            }
            return new Page(epoch, Long.parseLong(answer.get(1)), Long.parseLong(answer.get(2)), records);
        }
    }
}
