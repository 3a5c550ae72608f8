package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.testkit.FakeTicker;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of the testkit's README. */
final class ReadmeOfTestkitIT {

    private static final Path README = Path.of("..", "testkit", "README.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/millpond/runtime/ReadmeOfTestkitIT.java");

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @Test
    void connection_networkSwallowsPackets_comesBackByItself() {
        try (FaultProxy network = FaultProxy.to(redis.server());
                RedisConnection connection = RedisConnection.to(network.url())) {
            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();

            network.blackhole();
            await().until(() -> !connection.available());

            network.restore();
            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void entry_fiveMinutesPass_isGone() {
        FakeTicker clock = new FakeTicker();
        Cache<String, String> cache = Caffeine.newBuilder()
                .ticker(clock)
                .expireAfterWrite(Duration.ofMinutes(5))
                .build();
        cache.put("key", "value");

        clock.advance(Duration.ofMinutes(5));

        assertThat(cache.getIfPresent("key")).isNull();
    }

    @Test
    void readme_everyJavaExample_isCompiledHere() throws IOException {
        String source = Files.readString(SOURCE);

        assertThat(Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(README))
                        .results())
                .hasSize(2)
                .allSatisfy(
                        example -> assertThat(source).contains(example.group(1).stripTrailing()));
    }
}
