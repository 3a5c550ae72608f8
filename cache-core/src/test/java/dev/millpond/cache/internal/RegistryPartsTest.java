package dev.millpond.cache.internal;

import static dev.millpond.cache.internal.Fixtures.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class RegistryPartsTest {

    private static final List<String> NAMES = List.of("k:cache:1", "a:cache");

    private final FakeTicker ticker = new FakeTicker();
    private final TagTable table = Fixtures.table(ticker);

    private Stamp append(ToLongFunction<Collection<String>> appending) {
        InvalidationLog log = new ForwardingLog(new LocalInvalidationLog(ticker)) {
            @Override
            public long append(Collection<String> names) {
                return appending.applyAsLong(names);
            }
        };
        return new RegistryParts(
                        "test",
                        true,
                        table,
                        log,
                        null,
                        new JsonCodec(),
                        Runnable::run,
                        ticker,
                        ticker,
                        new Token.Source(1),
                        () -> 0.5,
                        new Listeners(),
                        new ObservedLoads(null, ticker),
                        (cache, builder) -> builder,
                        Switches.builder().build())
                .append(NAMES);
    }

    private boolean validWhenPut(Stamp stamp) {
        return table.valid(entry("v", stamp, "k:cache:1"));
    }

    @Test
    void append_applied_stampsWithTheInvalidationItself() {
        Stamp stamp = append(names -> {
            table.apply(1, names);
            return 1;
        });

        assertThat(stamp.sequence()).isEqualTo(1);
        assertThat(validWhenPut(stamp)).isTrue();
    }

    @Test
    void append_overtakenByAnother_doesNotHideTheOther() {
        Stamp stamp = append(names -> {
            table.apply(1, names);
            table.apply(2, NAMES);
            return 1;
        });

        assertThat(validWhenPut(stamp)).isFalse();
    }

    @Test
    void append_withoutNumber_stampsWithWhatWasKnownBefore() {
        table.apply(1, List.of("t:x"));

        Stamp stamp = append(names -> {
            table.distrust();
            return -1;
        });

        assertThat(stamp.sequence()).isEqualTo(1);
        assertThat(validWhenPut(stamp)).isFalse();
    }

    @Test
    void append_notYetApplied_stampsWithWhatWasKnownBefore() {
        Stamp stamp = append(names -> 1);

        assertThat(stamp.sequence()).isZero();
        table.apply(1, NAMES);
        assertThat(validWhenPut(stamp)).isFalse();
    }

    /** The number belongs to the lost epoch: in the new one it would hide the invalidations up to it. */
    @Test
    void append_epochLostMeanwhile_doesNotCarryTheNumberOver() {
        Stamp stamp = append(names -> {
            table.apply(1, names);
            table.reset("e2", 0);
            table.apply(1, NAMES);
            return 1;
        });

        assertThat(validWhenPut(stamp)).isFalse();
    }
}
