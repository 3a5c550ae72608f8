package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Reads of real systems, which the simulator of Caffeine brings along. They say nothing of time: how many there were in
 * a minute is made up.
 */
enum Trace {

    /** Blocks of files that workstations read from a file server in two days of 1991. */
    FILE_SERVER("lirs/sprite.trace.gz", 2_000, 1_200) {
        @Override
        int[] keys(InputStream lines) throws IOException {
            String text = new String(new GZIPInputStream(lines).readAllBytes(), US_ASCII);
            return text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        }
    },

    /** What pages of products of a web shop needed in December 2013: descriptions, prices, customers. */
    PRODUCT_PAGES("cache2k/web12.trace.xz", 10_000, 1_200),

    /** Objects that a web shop read from its database in busy hours. */
    SHOP_DATABASE("cache2k/orm-busy.trace.xz", 10_000, 3_000);

    private static final String FOLDER = "/com/github/benmanes/caffeine/cache/simulator/parser/";

    private static final int MOST_READS = 300_000;

    /** How many keys a process keeps, to fit the trace. */
    final int kept;

    final int readsPerMinute;

    private final String file;

    Trace(String file, int kept, int readsPerMinute) {
        this.file = file;
        this.kept = kept;
        this.readsPerMinute = readsPerMinute;
    }

    /** Returns what was read, in its order; at most 300 000 reads. */
    int[] keys() {
        try (InputStream found = Trace.class.getResourceAsStream(FOLDER + file)) {
            return keys(Objects.requireNonNull(found, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Numbers of 32 bits. */
    int[] keys(InputStream numbers) throws IOException {
        byte[] bytes = new XZInputStream(numbers).readNBytes(MOST_READS * Integer.BYTES);
        IntBuffer all = ByteBuffer.wrap(bytes).asIntBuffer();
        int[] keys = new int[all.remaining()];
        all.get(keys);
        return keys;
    }
}
