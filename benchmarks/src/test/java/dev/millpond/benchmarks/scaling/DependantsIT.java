package dev.millpond.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.RedisProbe.Work;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.testkit.RedisExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("one-jdk")
class DependantsIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @Test
    void invalidate_allDesigns_leavesNoneOfManyEntries() throws Exception {
        for (Dependants.Opener opener : List.<Dependants.Opener>of(
                MillpondDependants::open, IndexedDependants::deletedByPipeline, IndexedDependants::deletedByScript)) {
            try (Machine machine = new Machine(redis.url())) {
                Dependants entries = opener.open(machine);
                entries.fill(2_500);
                assertThat(entries.held(2_500)).isEqualTo(100);

                entries.invalidate();

                assertThat(entries.held(2_500)).isZero();
            }
        }
    }

    @Test
    void invalidate_pipeline_isOneCommandPerThousandEntriesAndTwo() throws Exception {
        RedisProbe probe = new RedisProbe(redis.url());
        try (Machine machine = new Machine(redis.url())) {
            Dependants entries = IndexedDependants.deletedByPipeline(machine);
            entries.fill(2_500);
            Work before = probe.work(entries.commands());

            entries.invalidate();

            assertThat(probe.work(entries.commands()).since(before).calls()).isEqualTo(5);
        }
    }

    @Test
    void fill_again_letsInvalidatedEntriesBeServedAnew() throws Exception {
        try (Machine machine = new Machine(redis.url())) {
            Dependants entries = MillpondDependants.open(machine);
            entries.fill(200);
            entries.invalidate();

            entries.fill(200);

            assertThat(entries.held(200)).isEqualTo(100);
        }
    }
}
