package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerProcessesIT {

    @Test
    void close_runningServers_endsThemAndLeavesNothingBehind() {
        assumeThat(RedisBinary.platform()).matches("(linux|darwin)-(amd64|arm64|386)");
        ServerProcesses processes = ServerProcesses.find(Map.of(), RedisBinary.platform());
        OwnRedis server = processes.launch(Loopback.freePort(), () -> List.of("--databases", "4"));
        Path home = processes.directory(server.port()).resolveSibling("");
        assertThat(server.command("CONFIG", "GET", "databases")).isEqualTo(List.of("databases", "4"));

        processes.close();

        assertThat(server.running()).isFalse();
        assertThat(home).doesNotExist();
    }
}
