package dev.millpond.benchmarks.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.benchmarks.measure.SuiteRules;
import dev.millpond.benchmarks.peers.Machine;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsSuiteTest {

    private static final List<String> KEYS = Decisions.names(2);

    @Test
    void scenarios_targets_areOfPeersThatAreMeasured() {
        SuiteRules.check(LimitsSuite.scenarios());
    }

    @Test
    void tryAcquire_oneToken_isGoneAtOnceWithAllThatWorkInTheProcess() throws Exception {
        for (String peer : List.of(LimitPeers.MILLPOND_LOCAL, LimitPeers.BUCKET4J_LOCAL, LimitPeers.RESILIENCE4J)) {
            try (Machine machine = new Machine("")) {
                Limits limits = LimitPeers.open(peer, machine, Allowance.NEXT_TO_NOTHING, KEYS);

                assertThat(limits.tryAcquire(0)).as(peer).isTrue();
                assertThat(limits.tryAcquire(0)).as(peer).isFalse();
                assertThat(limits.tryAcquire(1)).as(peer).isTrue();
            }
        }
    }

    @Test
    void open_unknownPeer_saysWhoThereIs() {
        assertThatThrownBy(() -> LimitPeers.open("Nobody", new Machine(""), Allowance.PLENTY, KEYS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Nothing is named 'Nobody' here. Use one of [Bucket4j in the process,");
    }
}
