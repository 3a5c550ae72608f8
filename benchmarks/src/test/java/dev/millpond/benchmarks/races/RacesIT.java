package dev.millpond.benchmarks.races;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.benchmarks.MarkedTable;
import dev.millpond.benchmarks.peers.Peers;
import dev.millpond.testkit.RedisExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The races in a quick form, and the documentation's table of them. */
@Tag("one-jdk")
class RacesIT {

    /** Each of the two nodes invalidates once. */
    private static final int RACES = 2;

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static List<RaceRow> rows = List.of();

    @BeforeAll
    static void race() throws Exception {
        try (StaleRaces races = new StaleRaces(redis.url())) {
            rows = RacesSuite.rows(races, RACES, (peer, variant, cache) -> null);
        }
    }

    @Test
    void races_millpond_isNeverStale() {
        assertThat(rows)
                .filteredOn(row -> row.peer().equals(Peers.millpond().name()))
                .hasSize(Peers.millpond().variants().size())
                .allSatisfy(
                        row -> assertThat(row.races().stale()).as(row.usage()).isZero());
    }

    @Test
    void races_allPeers_areAsTheDocumentationSays() throws Exception {
        assertThat(RaceVerdicts.of(new MarkedTable(Path.of(".."), "consistency.md", "races").read()))
                .as("docs/consistency.md; bring it up to date with: benchmarks/run races --docs")
                .containsExactlyEntriesOf(RaceVerdicts.of(RaceTable.of(rows)));
    }

    @Test
    void stampede_millpondInTwoProcesses_loadsOnceInEachRound() throws Exception {
        try (Stampede stampede = new Stampede(redis.server(), 2, 3)) {
            StampedeOutcome outcome = stampede.run(0, 0, "stampede");

            assertThat(outcome.callers()).isEqualTo(16);
            assertThat(outcome.rounds()).isEqualTo(3);
            assertThat(outcome.mostLoads()).isEqualTo(1);
        }
    }
}
