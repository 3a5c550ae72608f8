package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientKeyTest {

    private static final ClientKey ALL =
            ClientKey.header("X-API-Key").or(ClientKey.bearer()).or(ClientKey.principal());

    private final FakeRequest request = new FakeRequest();

    @Test
    void header_present_isTheKey() {
        assertThat(ClientKey.header("X-API-Key").extract(request.field("x-api-key", " k1 ")))
                .containsExactly("k1");
    }

    @Test
    void header_absent_isNoKey() {
        assertThat(ClientKey.header("X-API-Key").extract(request)).isEmpty();
    }

    @Test
    void header_hiddenByTheContainer_isNoKey() {
        assertThat(ClientKey.header("X-API-Key").extract(request.hidingFields()))
                .isEmpty();
    }

    @Test
    void header_repeatedWithTheSameKey_isOneKey() {
        request.field("X-API-Key", "k1").field("X-API-Key", "k1");

        assertThat(ClientKey.header("X-API-Key").extract(request)).containsExactly("k1");
    }

    @Test
    void header_repeatedWithAnotherKey_reportsBoth() {
        request.field("X-API-Key", "k1").field("X-API-Key", "k2");

        assertThat(ClientKey.header("X-API-Key").extract(request)).containsExactlyInAnyOrder("k1", "k2");
    }

    @Test
    void header_blank_isNoKey() {
        assertThat(ClientKey.header("X-API-Key").extract(request.field("X-API-Key", "  ")))
                .isEmpty();
    }

    @Test
    void header_anyLength_isReportedForTheFilterToJudge() {
        String longKey = "k".repeat(513);

        assertThat(ClientKey.header("X-API-Key").extract(request.field("X-API-Key", longKey)))
                .containsExactly(longKey);
    }

    @Test
    void header_severalInOneLine_reportsThemAll() {
        assertThat(ClientKey.header("X-API-Key").extract(request.field("X-API-Key", "k1, k2,k1,")))
                .containsExactlyInAnyOrder("k1", "k2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer token-1", "bearer token-1", "BEARER  token-1"})
    void bearer_anyCase_isTheToken(String line) {
        assertThat(ClientKey.bearer().extract(request.field("Authorization", line)))
                .containsExactly("token-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "Bearertoken", ""})
    void bearer_otherScheme_isNoKey(String line) {
        assertThat(ClientKey.bearer().extract(request.field("Authorization", line)))
                .isEmpty();
    }

    @Test
    void principal_authenticated_isTheName() {
        assertThat(ClientKey.principal().extract(request.user("alice"))).containsExactly("alice");
    }

    @Test
    void principal_anonymous_isNoKey() {
        assertThat(ClientKey.principal().extract(request)).isEmpty();
    }

    @Test
    void or_firstEmpty_takesTheSecond() {
        assertThat(ALL.extract(request.field("Authorization", "Bearer k2"))).containsExactly("k2");
    }

    @Test
    void or_sameKeyInBoth_isOneKey() {
        request.field("X-API-Key", "k1").field("Authorization", "Bearer k1");

        assertThat(ALL.extract(request)).containsExactly("k1");
    }

    @Test
    void or_headerAndBearerDiffer_reportsBoth() {
        request.field("X-API-Key", "k1").field("Authorization", "Bearer k2");

        assertThat(ALL.extract(request)).containsExactlyInAnyOrder("k1", "k2");
    }

    @Test
    void or_principalBesideAKey_countsForNothing() {
        request.field("X-API-Key", "k1").user("alice");

        assertThat(ALL.extract(request)).containsExactly("k1");
    }

    @Test
    void or_principalFirst_stillGivesWayToAKey() {
        ClientKey key = ClientKey.principal().or(ClientKey.bearer().or(ClientKey.header("X-API-Key")));
        request.field("X-API-Key", "k1").user("alice");

        assertThat(key.extract(request)).containsExactly("k1");
    }

    @Test
    void or_noKeyButAPrincipal_isTheName() {
        assertThat(ALL.extract(request.user("alice"))).containsExactly("alice");
    }

    @Test
    void or_sourceOfYourOwn_isAskedToo() {
        ClientKey parameter = any -> Set.of("from-elsewhere");

        assertThat(ClientKey.header("X-API-Key").or(parameter).extract(request)).containsExactly("from-elsewhere");
    }
}
