package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.BucketState;
import io.github.bucket4j.distributed.serialization.DataOutputSerializationAdapter;
import io.github.bucket4j.distributed.serialization.Scope;
import io.github.bucket4j.distributed.versioning.Versions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** When each limit of a bucket was refilled last, which Bucket4j tells only in the bytes that it stores. */
final class RefillTimes {

    /** The kind, the format and the number of integers come first. */
    private static final int FIRST = 3 * Integer.BYTES;

    /** The time, the tokens and the part of the next token. */
    private static final int BYTES_PER_LIMIT = 3 * Long.BYTES;

    private final ByteBuffer bytes;

    private RefillTimes(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    static RefillTimes of(BucketState level) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            BucketState.serialize(
                    DataOutputSerializationAdapter.INSTANCE,
                    new DataOutputStream(bytes),
                    level,
                    Versions.getLatest(),
                    Scope.PERSISTED_STATE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RefillTimes(bytes.toByteArray());
    }

    /** Returns the time in nanoseconds. */
    long get(int limit) {
        return bytes.getLong(FIRST + limit * BYTES_PER_LIMIT);
    }

    RefillTimes set(int limit, long nanos) {
        bytes.putLong(FIRST + limit * BYTES_PER_LIMIT, nanos);
        return this;
    }

    /** Puts these times into the level that they are of. */
    void writeTo(BucketState level) {
        try {
            BucketState changed = BucketState.deserialize(
                    DataOutputSerializationAdapter.INSTANCE,
                    new DataInputStream(new ByteArrayInputStream(bytes.array())));
            changed.setConfiguration(level.getConfiguration());
            level.copyStateFrom(changed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
