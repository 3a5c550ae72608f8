package dev.millpond.servlet.internal;

import static dev.millpond.servlet.FakeCacheRegistry.lookup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.spi.LookupListener.Lookup;
import dev.millpond.servlet.Fields;
import dev.millpond.servlet.Fields.Member;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheStatusTest {

    private final CacheStatus status = new CacheStatus();

    private static Lookup loaded(boolean stored, boolean joined) {
        return answer(Source.LOADER, Duration.ofMinutes(10), stored, joined, false);
    }

    private static Lookup answer(Source source, Duration timeToLive, boolean stored, boolean joined, boolean degraded) {
        return new Lookup("h2h", source, Duration.ZERO, timeToLive, stored, joined, degraded);
    }

    @Test
    void toField_localHit_tellsTimeToLive() {
        status.add(lookup("standings", Source.LOCAL, 287));

        assertThat(status.toField()).isEqualTo("\"standings\";hit;ttl=287;detail=LOCAL");
        assertThat(Fields.parse(status.toField()))
                .containsExactly(new Member("standings", Map.of("hit", true, "ttl", 287L, "detail", "LOCAL")));
    }

    @Test
    void toField_remoteHit_isAHit() {
        status.add(lookup("standings", Source.REMOTE, 5));

        assertThat(status.toField()).isEqualTo("\"standings\";hit;ttl=5;detail=REMOTE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  | false | fwd=miss;stored;ttl=600;detail=LOADER",
                "false | false | fwd=miss;detail=LOADER",
                "true  | true  | fwd=miss;collapsed;stored;ttl=600;detail=LOADER",
                "false | true  | fwd=miss;collapsed;detail=LOADER"
            })
    void toField_load_tellsWhetherItWasSharedAndStored(boolean stored, boolean joined, String parameters) {
        status.add(loaded(stored, joined));

        assertThat(status.toField()).isEqualTo("\"h2h\";" + parameters);
        assertThat(Fields.parse(status.toField())).hasSize(1);
    }

    @Test
    void toField_staleAnswer_wentForwardAndHasANegativeTimeToLive() {
        status.add(answer(Source.STALE, Duration.ofMillis(-1500), false, false, false));

        assertThat(status.toField()).isEqualTo("\"h2h\";fwd=stale;ttl=-2;detail=STALE");
        assertThat(Fields.parse(status.toField()))
                .containsExactly(new Member("h2h", Map.of("fwd", "stale", "ttl", -2L, "detail", "STALE")));
    }

    @Test
    void toField_staleWithinItsTimeToLive_isAHit() {
        status.add(answer(Source.STALE, Duration.ofSeconds(250), true, false, true));

        assertThat(status.toField()).isEqualTo("\"h2h\";hit;ttl=250;detail=STALE_DEGRADED");
        assertThat(Fields.parse(status.toField())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOADER | true  | 600 | fwd=miss;stored;ttl=600;detail=LOADER_DEGRADED",
                "LOADER | false | 600 | fwd=miss;detail=LOADER_DEGRADED",
                "STALE  | true  | -12 | fwd=stale;ttl=-12;detail=STALE_DEGRADED"
            })
    void toField_redisCouldNotBeAsked_isSaidBesideTheSource(
            Source source, boolean stored, long ttl, String parameters) {
        status.add(answer(source, Duration.ofSeconds(ttl), stored, false, true));

        assertThat(status.toField()).isEqualTo("\"h2h\";" + parameters);
        assertThat(Fields.parse(status.toField())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"true, 9, false, 3", "false, 3, true, 9"})
    void toField_aDegradedLoadAmongOthers_tellsOfThat(
            boolean firstDegraded, long firstTtl, boolean secondDegraded, long secondTtl) {
        status.add(answer(Source.LOADER, Duration.ofSeconds(firstTtl), true, false, firstDegraded));
        status.add(answer(Source.LOADER, Duration.ofSeconds(secondTtl), true, false, secondDegraded));

        assertThat(status.toField()).isEqualTo("\"h2h\";fwd=miss;stored;ttl=9;detail=LOADER_DEGRADED");
    }

    @Test
    void toField_endlessTimeToLive_staysWithinStructuredIntegers() {
        status.add(new Lookup(
                "h2h", Source.LOCAL, Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE), false, false, false));

        assertThat(Fields.parse(status.toField()).get(0).parameters()).containsEntry("ttl", 999_999_999_999_999L);
    }

    @Test
    void toField_severalCaches_areMembersInOrderOfFirstUse() {
        status.add(lookup("matches", Source.LOCAL, 1));
        status.add(lookup("standings", Source.REMOTE, 2));
        status.add(lookup("matches", Source.LOCAL, 3));

        assertThat(Fields.parse(status.toField())).extracting(Member::name).containsExactly("matches", "standings");
    }

    @ParameterizedTest
    @CsvSource({
        "LOCAL, 9, LOCAL, 3, hit, LOCAL, 3",
        "LOCAL, 3, LOCAL, 9, hit, LOCAL, 3",
        "LOCAL, 3, REMOTE, 9, hit, REMOTE, 9",
        "REMOTE, 9, LOCAL, 3, hit, REMOTE, 9",
        "STALE, -4, REMOTE, 9, fwd, STALE, -4"
    })
    void toField_severalLookupsOfOneCache_tellsTheOneThatWentFurthest(
            Source first, long firstTtl, Source second, long secondTtl, String how, String detail, long ttl) {
        status.add(lookup("m", first, firstTtl));
        status.add(lookup("m", second, secondTtl));

        assertThat(Fields.parse(status.toField()))
                .singleElement()
                .satisfies(member -> assertThat(member.parameters())
                        .containsKey(how)
                        .containsEntry("detail", detail)
                        .containsEntry("ttl", ttl));
    }

    @Test
    void toField_aLoadAmongHits_isAMiss() {
        status.add(lookup("h2h", Source.LOCAL, 3));
        status.add(loaded(true, false));
        status.add(lookup("h2h", Source.STALE, -3));

        assertThat(status.toField()).isEqualTo("\"h2h\";fwd=miss;stored;ttl=600;detail=LOADER");
    }

    @Test
    void toField_nameWithOddCharacters_isStillAStructuredString() {
        status.add(lookup("a\"b\\c\u00e9\n", Source.LOCAL, 1));

        assertThat(Fields.parse(status.toField())).extracting(Member::name).containsExactly("a\"b\\c??");
    }

    @Test
    void add_moreThan32Caches_keepsTheFirst32() {
        for (int i = 0; i < 40; i++) {
            status.add(lookup("cache-" + i, Source.LOCAL, 1));
        }
        int version = status.version();
        status.add(lookup("cache-31", Source.LOADER, 1));
        status.add(lookup("cache-32", Source.LOCAL, 1));

        assertThat(Fields.parse(status.toField())).hasSize(32);
        assertThat(status.toField()).contains("\"cache-31\";fwd=miss").doesNotContain("cache-32");
        assertThat(status.version()).isEqualTo(version + 1);
    }
}
