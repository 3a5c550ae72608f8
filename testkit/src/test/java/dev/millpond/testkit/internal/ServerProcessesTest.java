package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerProcessesTest {

    @Test
    void find_noProgramForThePlatform_saysWhatToDo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ServerProcesses.find(Map.of("PATH", ""), "plan9-mips"))
                .withMessage("No redis-server for a cluster or Sentinel: there is none on the PATH, and none is bundled"
                        + " for plan9-mips. Install redis-server.");
    }
}
