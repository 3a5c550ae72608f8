package dev.millpond.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotRangesTest {

    private static final String NODES = """
            07c3 127.0.0.1:7001@17001 master - 0 1 2 connected 5461-10922
            292f 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5460 6000 [5461->-07c3]
            9a3b 127.0.0.1:7002@17002 slave 292f 0 1 1 connected
            """;

    @Test
    void of_nodes_hasTheSlotsOfTheOneThatAnswersAlone() {
        SlotRanges ranges = SlotRanges.of(NODES);

        assertThat(ranges.contains(0)).isTrue();
        assertThat(ranges.contains(5_460)).isTrue();
        assertThat(ranges.contains(6_000)).isTrue();
        assertThat(ranges.contains(5_461)).isFalse();
        assertThat(ranges.contains(10_922)).isFalse();
    }

    @Test
    void keys_oneMaster_haveTheirEntriesThere() {
        SlotRanges ranges = SlotRanges.of(NODES);

        List<String> keys = BusyMasters.keys(NodeWork.READS, List.of(ranges));

        assertThat(keys)
                .hasSize(3_000)
                .doesNotHaveDuplicates()
                .allMatch(key -> ranges.contains(SlotHash.getSlot("scaling:fleet:" + key)));
    }

    @Test
    void keys_oneMasterAndDecisions_haveTheirBucketsThere() {
        SlotRanges ranges = SlotRanges.of(NODES);

        List<String> keys = BusyMasters.keys(NodeWork.DECISIONS, List.of(ranges));

        assertThat(keys).hasSize(3_000).doesNotHaveDuplicates();
        assertThat(RedisDecisions.digests(keys))
                .allMatch(digest -> ranges.contains(SlotHash.getSlot("millpond:rl:{" + digest + "}:slow")));
    }
}
