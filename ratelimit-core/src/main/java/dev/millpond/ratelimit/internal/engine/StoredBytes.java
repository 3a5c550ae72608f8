package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.serialization.DeserializationAdapter;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Reads what Bucket4j stores, as Bucket4j itself does, but without the buffers that a stream makes for texts: there are
 * none, and a bucket is read in every decision.
 */
final class StoredBytes implements DeserializationAdapter<ByteBuffer> {

    private static final StoredBytes READER = new StoredBytes();

    private StoredBytes() {}

    /** Returns the bucket for a command; none if nothing is stored. */
    static MutableBucketEntry entry(byte[] stored) {
        return new MutableBucketEntry(stored.length == 0 ? null : bucket(stored));
    }

    /** Returns the bucket. */
    static RemoteBucketState bucket(byte[] stored) {
        try {
            return RemoteBucketState.SERIALIZATION_HANDLE.deserialize(READER, ByteBuffer.wrap(stored));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean readBoolean(ByteBuffer stored) {
        return stored.get() != 0;
    }

    @Override
    public byte readByte(ByteBuffer stored) {
        return stored.get();
    }

    @Override
    public int readInt(ByteBuffer stored) {
        return stored.getInt();
    }

    @Override
    public long readLong(ByteBuffer stored) {
        return stored.getLong();
    }

    @Override
    public long[] readLongArray(ByteBuffer stored) {
        long[] numbers = new long[stored.getInt()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = stored.getLong();
        }
        return numbers;
    }

    @Override
    public double[] readDoubleArray(ByteBuffer stored) {
        throw new UnsupportedOperationException("Buckets are counted in whole numbers");
    }

    @Override
    public String readString(ByteBuffer stored) throws IOException {
        int length = Short.BYTES + Short.toUnsignedInt(stored.getShort(stored.position()));
        byte[] text = new byte[length];
        stored.get(text);
        return new DataInputStream(new ByteArrayInputStream(text)).readUTF();
    }
}
