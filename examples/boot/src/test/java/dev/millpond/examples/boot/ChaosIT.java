package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.RedisExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application under traffic while its Redis fails in every way: no request fails or waits for long, no answer is
 * wrong, and it recovers by itself. The log has a table of what was measured.
 */
@Tag("one-jdk")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChaosIT {

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static final Logger log = LoggerFactory.getLogger(ChaosIT.class);
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration BEFORE_AND_AFTER = Duration.ofMillis(300);
    private static final Duration FAULT_AT_START = Duration.ofMillis(1_500);

    private final List<String> report = new ArrayList<>();
    private @Nullable FaultyRedis redis;
    private @Nullable RunningBoot longRunning;

    @BeforeEach
    void mend() {
        assumeThat(REDIS.server().controllable()).isTrue();
        redis().mend();
        redis().server().flush();
    }

    @AfterEach
    void mendAgain() {
        if (redis != null) {
            redis.mend();
        }
    }

    @AfterAll
    void stop() {
        log.info("{}\n{}", Trial.heading(), String.join("\n", report));
        try {
            if (longRunning != null) {
                assertThat(longRunning.groupedCalls())
                        .as("calls of all trials that went to Redis together with others")
                        .isPositive();
            }
        } finally {
            close();
        }
    }

    private void close() {
        if (longRunning != null) {
            longRunning.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private FaultyRedis redis() {
        if (redis == null) {
            redis = new FaultyRedis(REDIS.server());
        }
        return redis;
    }

    private RunningBoot longRunning() {
        if (longRunning == null) {
            longRunning = start("--millpond.redis.url=" + redis().url());
        }
        return longRunning;
    }

    /** Starts the application with a tier that no traffic exhausts. */
    private static RunningBoot start(String redisSetting) {
        return RunningBoot.start(
                "jdbc:h2:mem:" + UUID.randomUUID(),
                redisSetting,
                "--millpond.rate-limit.tiers.enterprise.limit=10000000");
    }

    private static Visitor watcher(RunningBoot application) {
        return new Visitor(application.uri(), "demo-enterprise");
    }

    /**
     * Runs a trial, and judges its recovery. One that is late gets a second trial, which is judged in its place: a
     * defect holds up each recovery, a busy machine holds up one. Both are in the report.
     */
    private void judge(Callable<Trial> trial) throws Exception {
        Trial judged = trial.call();
        if (judged.late()) {
            mend();
            judged = trial.call();
        }
        judged.checkRecovery();
    }

    /** Comes first: a JVM that has just started would be slow at the faults at the start, whatever Redis does. */
    @Order(1)
    @ParameterizedTest
    @EnumSource
    void traffic_redisFails_isServedAndRecovers(RedisFault fault) throws Exception {
        judge(() -> fail(fault, longRunning()));
    }

    private Trial fail(RedisFault fault, RunningBoot application) throws Exception {
        await().atMost(START).until(() -> Trial.recovered(watcher(application)));
        try (Trial trial = Trial.begin(fault.name(), application.uri())) {
            trial.last(BEFORE_AND_AFTER, false);

            fault.begin(redis());
            trial.last(fault.duration(), fault.isNoticed());
            redis().mend();

            return finish(trial, application);
        }
    }

    @Test
    void traffic_connectionRefusedAtStart_isServedAndRecovers() throws Exception {
        judge(() -> startDuringFault("REFUSED_AT_START", () -> redis().network().refuse()));
    }

    @Test
    void traffic_wrongPasswordAtStart_isServedAndRecovers() throws Exception {
        judge(() -> startDuringFault("WRONG_PASSWORD_AT_START", () -> redis().changePassword("wrong")));
    }

    private Trial startDuringFault(String name, Runnable fault) throws Exception {
        fault.run();
        try (RunningBoot application = start("--millpond.redis.url=" + redis().url());
                Trial trial = Trial.begin(name, application.uri())) {
            trial.last(FAULT_AT_START, true);
            redis().mend();
            return finish(trial, application);
        }
    }

    @Test
    void traffic_certificateNotTrusted_isServedAndRecoversWithOneThatIs(@TempDir Path directory) throws Exception {
        Certificate trusted = Certificate.make(directory, "trusted");
        Certificate stranger = Certificate.make(directory, "stranger");
        judge(() -> startUnderTls(directory, trusted, stranger));
    }

    private Trial startUnderTls(Path directory, Certificate trusted, Certificate stranger) throws Exception {
        try (TlsGate gate = new TlsGate(redis().network().port(), stranger);
                RunningBoot application = start("--millpond.redis.config=" + redissonFile(directory, gate, trusted))) {
            Trial untrusted = trust(trusted, gate, application);
            judge(() -> blackholeUnderTls(application));
            return untrusted;
        }
    }

    private Trial trust(Certificate trusted, TlsGate gate, RunningBoot application) throws Exception {
        try (Trial trial = Trial.begin("UNTRUSTED_CERTIFICATE", application.uri())) {
            trial.last(FAULT_AT_START, true);
            gate.show(trusted);
            return finish(trial, application);
        }
    }

    private Trial blackholeUnderTls(RunningBoot application) throws Exception {
        try (Trial trial = Trial.begin("BLACK_HOLE_UNDER_TLS", application.uri())) {
            trial.last(BEFORE_AND_AFTER, false);
            redis().network().blackhole();
            trial.last(FAULT_AT_START, true);
            redis().mend();
            return finish(trial, application);
        }
    }

    private static String redissonFile(Path directory, TlsGate gate, Certificate trusted) throws Exception {
        Path file = directory.resolve("redisson.yaml");
        Files.writeString(file, """
                sslTruststore: "%s"
                sslTruststorePassword: "%s"
                username: standings
                password: right
                singleServerConfig:
                  address: "rediss://127.0.0.1:%d"
                """.formatted(trusted.file().toUri().toURL(), Certificate.PASSWORD, gate.port()));
        return file.toUri().toString();
    }

    /** Waits for the recovery, after which the application stores in Redis what it has just changed. */
    private Trial finish(Trial trial, RunningBoot application) throws Exception {
        trial.recover();
        trial.last(BEFORE_AND_AFTER, false);
        report.add(trial.end());
        trial.check();
        Visitor visitor = watcher(application);
        await().atMost(START).until(() -> {
            visitor.put("/matches/13", ChangingMatch.score(101));
            visitor.get("/matches/13");
            return redis().has("euro2024:matches:13");
        });
        assertThat(visitor.get("/matches/13").fromCache()).isTrue();
        return trial;
    }
}
