package dev.millpond.benchmarks.hitrate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Reads that a real system made, in their order; the simulator of Caffeine brings the files along.
 *
 * @param title what was read
 * @param file where they are
 * @param memory how many keys a node keeps, to fit them
 */
record RecordedReads(String title, String file, int memory) {

    private static final String FOLDER = "/com/github/benmanes/caffeine/cache/simulator/parser/";

    /** A file server in two days of 1991, the needs of product pages, and the database of a web shop in busy hours. */
    static final List<RecordedReads> ALL = List.of(
            new RecordedReads("blocks of a file server", "lirs/sprite.trace.gz", 1_000),
            new RecordedReads("parts of product pages", "cache2k/web12.trace.xz", 5_000),
            new RecordedReads("objects of a web shop", "cache2k/orm-busy.trace.xz", 5_000));

    /** Returns the first keys that were read. */
    int[] keys(int most) throws IOException {
        try (InputStream found = RecordedReads.class.getResourceAsStream(FOLDER + file)) {
            InputStream content = Objects.requireNonNull(found, file);
            return file.endsWith(".gz") ? lines(new GZIPInputStream(content), most) : numbers(content, most);
        }
    }

    private static int[] lines(InputStream text, int most) throws IOException {
        return new String(text.readAllBytes(), US_ASCII)
                .lines()
                .filter(line -> !line.isBlank())
                .limit(most)
                .mapToInt(line -> Integer.parseInt(line.strip()))
                .toArray();
    }

    private static int[] numbers(InputStream compressed, int most) throws IOException {
        byte[] bytes = new XZInputStream(compressed).readNBytes(most * Integer.BYTES);
        DataInputStream numbers = new DataInputStream(new ByteArrayInputStream(bytes));
        int[] keys = new int[bytes.length / Integer.BYTES];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = numbers.readInt();
        }
        return keys;
    }

    static long distinct(int[] keys) {
        return IntStream.of(keys).distinct().count();
    }
}
