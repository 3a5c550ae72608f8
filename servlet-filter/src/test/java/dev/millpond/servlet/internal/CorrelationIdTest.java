package dev.millpond.servlet.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelationIdTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-" + TRACE + "-00f067aa0ba902b7-01",
                "01-" + TRACE + "-00f067aa0ba902b7-00",
                "cc-" + TRACE + "-00f067aa0ba902b7-01-what-will-come"
            })
    void of_traceParent_isItsTraceId(String traceParent) {
        assertThat(CorrelationId.of(traceParent, "other")).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "ff-" + TRACE + "-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-" + TRACE + "-00f067aa0ba902b7-01\nforged"
            })
    void of_noTraceParent_isTheCorrelationId(@Nullable String traceParent) {
        assertThat(CorrelationId.of(traceParent, "order-7_a.b")).isEqualTo("order-7_a.b");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "a\nb", "a\r", "a b", "${jndi:ldap://x}", "%d", "ü"})
    void of_correlationIdThatMayForgeLines_isRandom(@Nullable String correlationId) {
        assertThat(CorrelationId.of(null, correlationId)).matches("[0-9a-f]{32}");
    }

    @Test
    void of_longCorrelationId_isRandom() {
        assertThat(CorrelationId.of(null, "a".repeat(64))).isEqualTo("a".repeat(64));
        assertThat(CorrelationId.of(null, "a".repeat(65))).matches("[0-9a-f]{32}");
    }

    @Test
    void random_twice_differs() {
        assertThat(CorrelationId.random()).hasSize(32).isNotEqualTo(CorrelationId.random());
    }
}
