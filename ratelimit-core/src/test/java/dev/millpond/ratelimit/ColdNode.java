package dev.millpond.ratelimit;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** A program that makes its first decisions at once after it has begun, and prints how many there were of each kind. */
final class ColdNode {

    private ColdNode() {}

    public static void main(String[] arguments) throws Exception {
        Map<Outcome, Integer> outcomes = new ConcurrentHashMap<>();
        try (RedisConnection connection = RedisConnection.to(arguments[0]);
                RateLimiter limiter = RateLimiter.builder()
                        .redis(connection)
                        .secret("a-long-random-secret")
                        .tierOf(key -> Optional.of(Tier.ENTERPRISE))
                        .build()) {
            connection.awaitAvailable(Duration.ofSeconds(20));
            Callable<Void> caller = () -> {
                for (int i = 0; i < 200; i++) {
                    outcomes.merge(limiter.tryAcquire("one-key").outcome(), 1, Integer::sum);
                }
                return null;
            };
            var threads = Executors.newFixedThreadPool(4);
            threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> caller).toList());
            threads.shutdown();
        }
        System.out.println("outcomes " + outcomes);
    }
}
