package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("one-jdk")
final class SharedGroupIT {

    private final List<ServerProcesses> used = new ArrayList<>();

    @BeforeEach
    void assumeThatABinaryIsBundled() {
        assumeThat(RedisBinary.platform()).matches("(linux|darwin)-(amd64|arm64|386)");
    }

    @AfterEach
    void endAllServers() {
        used.forEach(ServerProcesses::close);
    }

    @Test
    void get_portOfAServerTakenMeanwhile_formsTheGroupOfOtherServers() throws IOException {
        int taken = Loopback.freePort();
        try (ServerSocket other = Loopback.listen(taken)) {
            SharedGroup<SentinelNodes> group = new SharedGroup<>("Redis with Sentinel", this::find, processes -> {
                if (used.size() == 1) {
                    processes.launch(other.getLocalPort(), List::of);
                }
                return SentinelNodes.start(processes);
            });

            SentinelNodes formed = group.get();

            assertThat(used).hasSize(2);
            assertThat(formed.masters()).hasSize(1);
            assertThat(group.get()).isSameAs(formed);
        }
    }

    @Test
    void get_everyAttemptFails_saysWhyEachTimeItIsAsked() {
        SharedGroup<SentinelNodes> group = new SharedGroup<>("Redis with Sentinel", this::find, processes -> {
            throw new IllegalStateException("attempt " + used.size());
        });

        assertThatThrownBy(group::get).hasMessage("attempt 3");
        assertThatThrownBy(group::get).hasMessage("attempt 6");
    }

    @Test
    void healed_groupThatDoesNotGetWell_isAnotherAndTheFirstHasEnded() {
        SharedGroup<Ailing> group = new SharedGroup<>("group", this::find, Ailing::new);
        Ailing first = group.get();
        first.well = false;

        Ailing second = group.healed();

        assertThat(second).isNotSameAs(first).isSameAs(group.get());
        assertThat(first.server.running()).isFalse();
        assertThat(second.server.running()).isTrue();
    }

    @Test
    void healed_groupThatGetsWell_isTheSame() {
        SharedGroup<Ailing> group = new SharedGroup<>("group", this::find, Ailing::new);
        Ailing first = group.get();

        assertThat(group.healed()).isSameAs(first).isSameAs(group.get());
    }

    private ServerProcesses find() {
        used.add(ServerProcesses.find(Map.of(), RedisBinary.platform()));
        return used.get(used.size() - 1);
    }

    /** One server, which is well unless a test has it otherwise. */
    private static final class Ailing extends ServerGroup {

        final OwnRedis server;
        boolean well = true;

        Ailing(ServerProcesses processes) {
            this(processes.launch(Loopback.freePort(), List::of));
        }

        private Ailing(OwnRedis server) {
            super("group", List.of(server));
            this.server = server;
        }

        @Override
        public List<RedisServer> masters() {
            return nodes();
        }

        @Override
        public void failover(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        Optional<RedisServer> findMaster(String key) {
            return Optional.of(server);
        }

        @Override
        void tidy() {
            if (!well) {
                throw new IllegalStateException("it does not get well");
            }
        }

        @Override
        String trouble() {
            return "";
        }
    }
}
