package dev.millpond.cache.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Deflate at its fastest level for large payloads, with a bound on what is inflated. */
final class Compression {

    static final int MINIMUM_BYTES = 4096;
    static final int MAXIMUM_INFLATED_BYTES = 16 << 20;

    private Compression() {}

    /** Returns the compressed bytes, or the same array if it is small or does not get smaller. */
    static byte[] deflate(byte[] plain) {
        if (plain.length < MINIMUM_BYTES) {
            return plain;
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] compressed = new byte[plain.length];
            int length = deflater.deflate(compressed);
            return deflater.finished() && length < plain.length ? Arrays.copyOf(compressed, length) : plain;
        } finally {
            deflater.end();
        }
    }

    /**
     * Returns the original bytes.
     *
     * @throws IOException if they are not compressed, or more than {@link #MAXIMUM_INFLATED_BYTES}
     */
    static byte[] inflate(byte[] bytes, int offset, int length) throws IOException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes, offset, length);
            return drain(inflater, length);
        } catch (DataFormatException e) {
            throw new IOException("The stored payload is not compressed as its flags say.", e);
        } finally {
            inflater.end();
        }
    }

    private static byte[] drain(Inflater inflater, int compressedLength) throws DataFormatException, IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(Math.min(compressedLength * 3, MAXIMUM_INFLATED_BYTES));
        byte[] chunk = new byte[8192];
        while (!inflater.finished()) {
            int count = inflater.inflate(chunk);
            if (count == 0 && !inflater.finished()) {
                throw new IOException("The stored payload is cut off.");
            }
            plain.write(chunk, 0, count);
            if (plain.size() > MAXIMUM_INFLATED_BYTES) {
                throw new IOException("The stored payload inflates to more than " + MAXIMUM_INFLATED_BYTES + " bytes.");
            }
        }
        return plain.toByteArray();
    }
}
