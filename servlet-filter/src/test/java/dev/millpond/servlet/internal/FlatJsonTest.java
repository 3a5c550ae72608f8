package dev.millpond.servlet.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatJsonTest {

    @Test
    void read_object_isItsMembers() {
        assertThat(FlatJson.read("{}")).isEmpty();
        assertThat(FlatJson.read(" { \"a\" : \"b\\\"\\\\\\/\\n\\u00e9\" ,\n\"c\":true,\"d\":false} "))
                .containsExactly(Map.entry("a", "b\"\\/\né"), Map.entry("c", "true"), Map.entry("d", "false"));
    }

    @Test
    void read_whatJsonWrote_isTheSame() {
        Map<String, String> members =
                Map.of("quote\"", "back\\slash", "control", "a\tb\u0001", "accent", "é\uD83D\uDE00");

        assertThat(FlatJson.read(Json.of(members))).isEqualTo(members);
        assertThat(Json.of(List.of(true, Map.of("a", "b")))).isEqualTo("[true,{\"a\":\"b\"}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1}",
                "{\"a\":null}",
                "{\"a\":{}}",
                "{\"a\":\"b\"",
                "{\"a\":\"b\",}",
                "{\"a\":\"b\"}x",
                "{\"a\":\"b",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"a\":\"\n\"}",
                "{'a':'b'}",
                "{\"a\":\"b\" \"c\":\"d\"}"
            })
    void read_anythingElse_isRefused(String text) {
        assertThatThrownBy(() -> FlatJson.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("The body is no flat JSON object: it cannot be read at character \\d+\\. Send an"
                        + " object such as \\{\"name\": \"text\", \"flag\": true}\\.");
    }

    @Test
    void read_memberTwice_isRefused() {
        assertThatThrownBy(() -> FlatJson.read("{\"a\":\"b\",\"a\":\"c\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The body has the member 'a' twice. Send it once.");
    }
}
