package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenTest {

    private final Token.Source tokens = new Token.Source(0x0123_4567_89ab_cdefL);

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void lease_isLetterNodeAndCounter() {
        assertThat(hex(tokens.next().lease())).isEqualTo("4c" + "0123456789abcdef" + "0000000000000001");
        assertThat(hex(tokens.next().lease())).isEqualTo("4c" + "0123456789abcdef" + "0000000000000002");
    }

    @Test
    void valuePrefix_differsFromTheLeaseInItsLetter() {
        Token token = tokens.next();

        assertThat(hex(token.valuePrefix())).isEqualTo("56" + hex(token.lease()).substring(2));
    }

    @Test
    void lease_changedByItsReceiver_staysAsItWas() {
        Token token = tokens.next();
        token.lease()[1] = 99;
        token.valuePrefix()[1] = 99;

        assertThat(token.lease()[1]).isEqualTo((byte) 1);
    }

    @Test
    void next_manyThreads_neverRepeats() {
        Set<String> seen = ConcurrentHashMap.newKeySet();

        IntStream.range(0, 10_000)
                .parallel()
                .forEach(i -> seen.add(hex(tokens.next().lease())));

        assertThat(seen).hasSize(10_000);
    }

    @Test
    void isLease_isTrueOfExactlyALease() {
        byte[] lease = tokens.next().lease();

        assertThat(Token.isLease(lease)).isTrue();
        assertThat(Token.isLease(tokens.next().valuePrefix())).isFalse();
        assertThat(Token.isLease("Long text of another application".getBytes(UTF_8)))
                .isFalse();
        assertThat(Token.isLease("L".getBytes(UTF_8))).isFalse();
        assertThat(Token.isLease(new byte[0])).isFalse();
    }

    @Test
    void isValue_needsMoreThanThePrefix() {
        assertThat(Token.isValue(new byte[] {'V', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}))
                .isTrue();
        assertThat(Token.isValue(tokens.next().valuePrefix())).isFalse();
        assertThat(Token.isValue("Long text of another application".getBytes(UTF_8)))
                .isFalse();
        assertThat(Token.isValue(new byte[0])).isFalse();
    }

    @Test
    void prefixOf_shortForeignString_isAllOfIt() {
        assertThat(Token.prefixOf("hi".getBytes(UTF_8))).isEqualTo("hi".getBytes(UTF_8));
        assertThat(Token.prefixOf(new byte[0])).isEmpty();
        assertThat(Token.prefixOf("A text of another application".getBytes(UTF_8)))
                .isEqualTo("A text of another".getBytes(UTF_8));
    }
}
