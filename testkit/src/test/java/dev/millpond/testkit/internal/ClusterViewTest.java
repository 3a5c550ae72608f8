package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.internal.ClusterView.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClusterViewTest {

    private static final String MASTER =
            "aa 127.0.0.1:7000@17000,host myself,master - 0 1 7 connected 0-2 5 [5->-bb] [9-<-bb]\n";
    private static final String OTHER = "bb 127.0.0.1:7001@17001 master - 0 1 3 connected 3-4 6-16383\n";
    private static final String REPLICA = "cc 127.0.0.1:7002@17002 slave aa 0 1 7 connected\n";

    @Test
    void of_answer_readsEveryNode() {
        ClusterView view = ClusterView.of(MASTER + OTHER + REPLICA);

        Node myself = view.myself();
        assertThat(myself.id()).isEqualTo("aa");
        assertThat(myself.epoch()).isEqualTo(7);
        assertThat(myself.isMaster()).isTrue();
        assertThat(myself.slots().stream()).containsExactly(0, 1, 2, 5);
        assertThat(myself.moving().stream()).containsExactly(5, 9);
        assertThat(view.nodes().get(2).isMaster()).isFalse();
        assertThat(view.nodes().get(2).masterId()).isEqualTo("aa");
        assertThat(view.settled(3)).isTrue();
        assertThat(view.settled(4)).isFalse();
    }

    @Test
    void layout_askedOfAnotherNode_isTheSame() {
        String asked = MASTER.replace("myself,", "").replaceFirst(" \\[.*", "") + OTHER.replace("master", "myself,master");

        assertThat(ClusterView.of(asked + REPLICA).layout())
                .isEqualTo(ClusterView.of(MASTER + OTHER + REPLICA).layout());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cc 127.0.0.1:7002@17002 slave,fail? aa 0 1 7 connected",
                "cc 127.0.0.1:7002@17002 master,fail - 0 1 7 connected",
                "cc 127.0.0.1:7002@17002 handshake - 0 1 7 connected",
                "cc 127.0.0.1:7002@17002 slave aa 0 1 7 disconnected"
            })
    void settled_doubtsAboutANode_isFalse(String node) {
        assertThat(ClusterView.of(MASTER + OTHER + node).settled(3)).isFalse();
    }
}
