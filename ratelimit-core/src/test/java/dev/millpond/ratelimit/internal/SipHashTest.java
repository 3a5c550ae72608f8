package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.internal.SipHash.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {

    /** The bytes 0 to 15, as in the vectors of the authors. */
    private static final SipHash HASH = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /**
     * Made with: printf "$text" | iconv -t UTF-16LE | openssl mac -macopt hexkey:000102030405060708090a0b0c0d0e0f
     * -macopt size:16 SIPHASH; that of the empty text is the first of the authors' vectors.
     */
    @ParameterizedTest
    @CsvSource({
        "'', a3817f04ba25a8e66df67214c7550293",
        "demo-free, 915221b4db57564ef17b062fc8246cad",
        "customer-1234567, 58c7300ab2fb5415baadc4845cc41b88",
        "schlüssel-€, 2ea02cb3cf2ab24f41fe20fd34fe2677"
    })
    void of_anyText_isWhatOthersCompute(String text, String expected) {
        assertThat(hex(HASH.of(text))).isEqualTo(expected);
    }

    @Test
    void of_longText_isWhatOthersCompute() {
        assertThat(hex(HASH.of("k".repeat(150)))).isEqualTo("5d63d1fb9862f4d95842fec6b5a9d5f6");
    }

    @Test
    void random_twice_hashesDifferently() {
        assertThat(SipHash.random().of("demo-free"))
                .isNotEqualTo(SipHash.random().of("demo-free"));
    }

    private static String hex(Fingerprint hash) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return HexFormat.of()
                .formatHex(bytes.putLong(hash.low()).putLong(hash.high()).array());
    }
}
