package dev.millpond.cache.spi;

import java.io.IOException;
import java.lang.reflect.Type;

/**
 * Makes the formats in which values are stored in Redis.
 *
 * <p>Thread-safe. The bytes are read by other nodes and by later versions of the application; the declared type alone
 * decides what is made of them.
 */
public interface ValueCodec {

    /** Returns the number that marks this codec's payloads, from 0 to 255; 1 is JSON. */
    int id();

    /**
     * Returns the format for values of a type.
     *
     * @param type the declared type of the values
     */
    <V> Format<V> forType(Type type);

    /**
     * The stored form of one type; thread-safe.
     *
     * @param <V> the type of the values
     */
    interface Format<V> {

        /**
         * Encodes a value.
         *
         * @throws IOException if the value cannot be written
         */
        byte[] encode(V value) throws IOException;

        /**
         * Decodes the bytes from an offset on.
         *
         * @throws IOException if the bytes are not a value of this type
         */
        V decode(byte[] bytes, int offset, int length) throws IOException;
    }
}
