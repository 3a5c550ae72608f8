package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class CompressionTest {

    private static byte[] text(int length) {
        return Arrays.copyOf("standings of the group ".repeat(1 + length / 23).getBytes(UTF_8), length);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(1).nextBytes(noise);
        return noise;
    }

    /** Compresses anything, which {@link Compression#deflate} would not. */
    private static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater();
        deflater.setInput(plain);
        deflater.finish();
        byte[] compressed = new byte[plain.length + 100];
        int length = deflater.deflate(compressed);
        deflater.end();
        return Arrays.copyOf(compressed, length);
    }

    private static byte[] inflate(byte[] bytes) throws IOException {
        return Compression.inflate(bytes, 0, bytes.length);
    }

    @Test
    void deflate_lessThanTheMinimum_isTheSameArray() {
        byte[] small = text(Compression.MINIMUM_BYTES - 1);

        assertThat(Compression.deflate(small)).isSameAs(small);
    }

    @Test
    void deflate_theMinimum_getsSmaller() throws IOException {
        byte[] plain = text(Compression.MINIMUM_BYTES);

        byte[] compressed = Compression.deflate(plain);

        assertThat(compressed).hasSizeLessThan(200);
        assertThat(inflate(compressed)).isEqualTo(plain);
    }

    @Test
    void deflate_incompressible_isTheSameArray() {
        byte[] noise = noise(100_000);

        assertThat(Compression.deflate(noise)).isSameAs(noise);
    }

    @Test
    void inflate_manySizes_returnsTheOriginal() throws IOException {
        for (int length : new int[] {4_096, 8_191, 8_192, 8_193, 16_384, 100_000, 1 << 20}) {
            byte[] plain = text(length);
            plain[length / 2] = 7;

            assertThat(inflate(Compression.deflate(plain))).isEqualTo(plain);
        }
    }

    @Test
    void inflate_partOfAnArray_readsThatPartOnly() throws IOException {
        byte[] compressed = deflated(text(5_000));
        byte[] surrounded = new byte[compressed.length + 20];
        System.arraycopy(compressed, 0, surrounded, 10, compressed.length);

        assertThat(Compression.inflate(surrounded, 10, compressed.length)).isEqualTo(text(5_000));
    }

    @Test
    void inflate_compressedNothing_isNothing() throws IOException {
        assertThat(inflate(deflated(new byte[0]))).isEmpty();
    }

    @Test
    void inflate_asMuchAsAllowed_isReturned() throws IOException {
        byte[] zeros = new byte[Compression.MAXIMUM_INFLATED_BYTES];

        assertThat(inflate(deflated(zeros))).hasSize(zeros.length);
    }

    @Test
    void inflate_moreThanAllowed_isRefused() {
        byte[] bomb = deflated(new byte[Compression.MAXIMUM_INFLATED_BYTES + 1]);

        assertThat(bomb).hasSizeLessThan(20_000);
        assertThatIOException()
                .isThrownBy(() -> inflate(bomb))
                .withMessage("The stored payload inflates to more than 16777216 bytes.");
    }

    @Test
    void inflate_cutOffAnywhere_isRefused() {
        byte[] compressed = deflated(text(5_000));
        for (int length = 0; length < compressed.length; length++) {
            byte[] cut = Arrays.copyOf(compressed, length);

            assertThatIOException()
                    .describedAs("%d bytes", length)
                    .isThrownBy(() -> inflate(cut))
                    .withMessage("The stored payload is cut off.");
        }
    }

    @Test
    void inflate_notCompressed_isRefused() {
        assertThatIOException()
                .isThrownBy(() -> inflate(text(5_000)))
                .withMessage("The stored payload is not compressed as its flags say.");
    }
}
