package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class RedisLocatorIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Supplier<Optional<RedisServer>> NO_CONTAINER = Optional::empty;

    @Test
    void locate_variableNamesAServer_isPreferredToAContainer() {
        String url = "redis://" + redis.server().host() + ":" + redis.server().port();

        RedisServer server = RedisLocator.locate(Map.of("MILLPOND_TEST_REDIS", url), "linux-amd64", () -> {
            throw new AssertionError("a container was started");
        });

        assertThat(server).hasToString("MILLPOND_TEST_REDIS");
        assertThat(server.url()).isEqualTo(url);
    }

    @Test
    void locate_containerRuns_isPreferredToAProcess() {
        RedisServer container = redis.server();

        assertThat(RedisLocator.locate(Map.of("MILLPOND_TEST_REDIS", " "), "linux-amd64", () -> Optional.of(container)))
                .isSameAs(container);
    }

    @Test
    void locate_neither_startsTheBundledServer() {
        assumeThat(RedisBinary.platform()).matches("(linux|darwin)-(amd64|arm64|386)");

        RedisServer server = RedisLocator.locate(Map.of(), RedisBinary.platform(), NO_CONTAINER);

        assertThat(server.command("PING")).isEqualTo("PONG");
        assertThat(server.command("CONFIG", "GET", "save")).isEqualTo(List.of("save", ""));
        server.stop();
        assertThat(new RespClient(server.host(), server.port()).answers()).isFalse();
    }

    @Test
    void close_runningProcess_endsItAndLeavesNothingBehind() {
        Path directory = TempDirectory.create();
        Path binary = RedisBinary.find(null, RedisBinary.platform(), directory).orElseThrow();
        ProcessEngine engine = new ProcessEngine(binary, directory);
        OwnRedis.launch(engine);

        engine.close();

        assertThat(engine.alive()).isFalse();
        assertThat(directory).doesNotExist();
    }

    @Test
    void locate_nothingThere_saysWhatToDo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RedisLocator.locate(Map.of("PATH", ""), "plan9-mips", NO_CONTAINER))
                .withMessage(
                        "No Redis for the tests: MILLPOND_TEST_REDIS is not set, Docker does not answer, there is no"
                                + " redis-server on the PATH, and none is bundled for plan9-mips. Set"
                                + " MILLPOND_TEST_REDIS=redis://host:port, start Docker, or install redis-server.");
    }

    @Test
    void locate_serverOnThePathFails_showsItsOutputOfEachAttempt(@TempDir Path folder) throws Exception {
        Path binary = Files.writeString(folder.resolve("redis-server"), "#!/bin/sh\necho no memory left\nexit 1\n");
        assertThat(binary.toFile().setExecutable(true)).isTrue();

        assertThatIllegalStateException()
                .isThrownBy(() -> RedisLocator.locate(Map.of("PATH", folder.toString()), "linux-amd64", NO_CONTAINER))
                .withMessageMatching("The process " + binary
                        + " did not answer on port \\d+ within 10 s: no memory left(\\s+no memory left){2}");
    }

    @Test
    void pause_stoppedServer_isRefused() {
        assumeThat(redis.server().controllable()).isTrue();
        RedisServer server = redis.server();
        server.stop();

        assertThatIllegalStateException()
                .isThrownBy(server::pause)
                .withMessage("Redis at " + server.url() + " does not run, so it cannot be paused. Start it first.");
        server.resume();
        server.start();
        server.start();
        assertThat(server.command("PING")).isEqualTo("PONG");
    }

    @Test
    @Timeout(30)
    void startIfDockerAnswers_always_decidesQuickly() {
        long start = System.nanoTime();

        boolean docker = ContainerLocator.startIfDockerAnswers().isPresent();

        assumeThat(docker).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
}
