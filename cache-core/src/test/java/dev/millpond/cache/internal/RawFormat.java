package dev.millpond.cache.internal;

import dev.millpond.cache.spi.ValueCodec;
import java.util.Arrays;

/** Stores bytes as they are. */
final class RawFormat implements ValueCodec.Format<byte[]> {

    @Override
    public byte[] encode(byte[] value) {
        return value;
    }

    @Override
    public byte[] decode(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
