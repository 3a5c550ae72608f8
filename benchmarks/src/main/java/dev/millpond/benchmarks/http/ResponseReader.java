package dev.millpond.benchmarks.http;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Finds where answers of HTTP/1.1 end, which come one after the other in pieces of any size; keeps the status alone.
 *
 * <p>An answer with neither a length nor chunks has no body. Not thread-safe.
 */
final class ResponseReader {

    private static final int STATUS_BEGIN = 9;
    private static final int STATUS_END = 12;
    private static final int HEXADECIMAL = 16;
    private static final int LINE_END = 2;

    private final StringBuilder line = new StringBuilder();
    private Part part = Part.STATUS;
    private boolean chunked;
    private long length;
    private long toSkip;
    private int status;

    /**
     * Takes what arrived, up to the end of the answer.
     *
     * @return whether the answer is complete
     */
    boolean take(ByteBuffer bytes) {
        boolean complete = false;
        while (!complete && bytes.hasRemaining()) {
            complete = toSkip > 0 ? skip(bytes) : take(bytes.get());
        }
        if (complete) {
            part = Part.STATUS;
        }
        return complete;
    }

    /** Returns the status of the last answer. */
    int status() {
        return status;
    }

    private boolean skip(ByteBuffer bytes) {
        int skipped = (int) Math.min(toSkip, bytes.remaining());
        bytes.position(bytes.position() + skipped);
        toSkip -= skipped;
        return toSkip == 0 && !chunked;
    }

    private boolean take(byte one) {
        if (one != '\n') {
            line.append((char) one);
            return false;
        }
        String text = line.toString().strip();
        line.setLength(0);
        return take(text);
    }

    private boolean take(String text) {
        switch (part) {
            case STATUS -> begin(text);
            case FIELDS -> {
                if (text.isEmpty()) {
                    return endOfFields();
                }
                field(text.toLowerCase(Locale.ROOT));
            }
            case CHUNK_SIZE -> chunk(text);
            case TRAILER -> {
                return text.isEmpty();
            }
        }
        return false;
    }

    private void begin(String text) {
        status = Integer.parseInt(text.substring(STATUS_BEGIN, STATUS_END));
        chunked = false;
        length = 0;
        part = Part.FIELDS;
    }

    private void field(String text) {
        if (text.startsWith("content-length:")) {
            length = Long.parseLong(text.substring(text.indexOf(':') + 1).strip());
        } else if (text.startsWith("transfer-encoding:")) {
            chunked = true;
        }
    }

    private boolean endOfFields() {
        part = Part.CHUNK_SIZE;
        toSkip = chunked ? 0 : length;
        return !chunked && length == 0;
    }

    private void chunk(String text) {
        // The line after a chunk is skipped with it.
        long size = Long.parseLong(text.split(";", 2)[0].strip(), HEXADECIMAL);
        if (size == 0) {
            part = Part.TRAILER;
        } else {
            toSkip = size + LINE_END;
        }
    }

    /** What the next line is. */
    private enum Part {
        STATUS,
        FIELDS,
        CHUNK_SIZE,
        TRAILER
    }
}
