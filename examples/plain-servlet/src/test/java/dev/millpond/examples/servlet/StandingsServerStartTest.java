package dev.millpond.examples.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an operator sees of a server that cannot start. */
class StandingsServerStartTest {

    private static final String NOBODY_ANSWERS = "redis://127.0.0.1:1";

    @Test
    void start_portIsTaken_closesWhatItOpened() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings settings = new Settings(
                    taken.getLocalPort(), Optional.of(NOBODY_ANSWERS), "jdbc:h2:mem:" + UUID.randomUUID(), Map.of());

            assertThatThrownBy(() -> StandingsServer.start(settings)).isNotNull();
        }

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millpond-redis-monitor");
    }

    @Test
    void main_portIsTakenAndRedisIsSet_endsWithOneLineThatNamesThePort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            List<String> errors = errorsOfMain(Map.of("SERVER_PORT", port, "MILLPOND_REDIS_URL", NOBODY_ANSWERS));

            assertThat(errors)
                    .singleElement()
                    .asString()
                    .endsWith("Port " + port + " of 127.0.0.1 is taken. Set SERVER_PORT to a free port such as 8081.");
        }
    }

    @Test
    void main_databaseUrlOfNoDriver_endsWithOneLineThatNamesTheVariable() throws Exception {
        assertThat(errorsOfMain(Map.of("SERVER_PORT", "0", "STANDINGS_DB_URL", "jdbc:nothing:of?password=swordfish")))
                .singleElement()
                .asString()
                .contains("STANDINGS_DB_URL", "Set a JDBC URL of H2 such as jdbc:h2:mem:standings")
                .doesNotContain("swordfish");
    }

    @Test
    void main_redisUrlWithoutScheme_endsWithOneLine() throws Exception {
        assertThat(errorsOfMain(Map.of("SERVER_PORT", "0", "MILLPOND_REDIS_URL", "localhost:6379")))
                .singleElement()
                .asString()
                .contains(
                        "MILLPOND_REDIS_URL is refused: Redis URL 'localhost:6379' has no redis:// or rediss:// scheme.");
    }

    /** Returns the errors of a process that must end with 1, and the lines of stack traces if there are any. */
    private static List<String> errorsOfMain(Map<String, String> environment) throws Exception {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandingsServer.class.getName())
                .redirectErrorStream(true);
        java.environment().putAll(environment);
        Process process = java.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(process.exitValue()).isOne();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output.lines()
                    .filter(line -> line.matches(".* ERROR .*|Exception.*|Caused by.*|\\tat .*"))
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }
}
