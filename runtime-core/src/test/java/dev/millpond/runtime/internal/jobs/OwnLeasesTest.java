package dev.millpond.runtime.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.JobState.Skip;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnLeasesTest {

    private final FakeTicker clock = new FakeTicker();
    private final OwnLeases leases = new OwnLeases(new Tokens(clock));

    private static Due due(long time) {
        return new Due("job", time, 60_000, "");
    }

    private long token(Due due) {
        assertThat(leases.claim(due)).isInstanceOf(Claim.Granted.class);
        return leases.claim(Due.request("other", 0)) instanceof Claim.Granted granted
                ? granted.lease().token()
                : -1;
    }

    @Test
    void claim_anyRun_hasAHigherToken() {
        long first = token(due(60_000));
        long second = token(due(120_000));
        clock.advance(Duration.ofHours(1));

        assertThat(second).isGreaterThan(first);
        assertThat(token(Due.request("job", 60_000)))
                .isGreaterThan(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }

    @ParameterizedTest
    @CsvSource({"1000000, false", "940000, false", "880000, false", "879999, true", "1000001, true"})
    void claim_timeThatWasRun_isNewOnlyIfAClockWasSetBackFar(long time, boolean isNew) {
        long unused = token(due(1_000_000));

        Claim claim = leases.claim(due(time));

        assertThat(claim instanceof Claim.Granted).isEqualTo(isNew);
        if (!isNew) {
            assertThat(claim).isEqualTo(new Claim.Refused(Skip.RUN_ALREADY));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "2000, 2000", "3600000, 10000", "9223372036854775807, 10000"})
    void leaseTime_anyPeriod_isNotLongerButLongEnough(long gap, long lease) {
        assertThat(new Due("job", 0, gap, "").leaseTime()).hasMillis(lease);
    }
}
