package dev.millpond.cache.spi;

import java.io.IOException;
import java.lang.reflect.Type;

/**
 * Turns values into bytes for Redis and back.
 *
 * <p>Thread-safe. The bytes are read by other nodes and by later versions of the application; the declared type alone
 * decides what is made of them.
 */
public interface ValueCodec {

    /** Returns the number that marks this codec's payloads, from 0 to 255; 1 is JSON. */
    int id();

    /**
     * Encodes a value.
     *
     * @throws IOException if the value cannot be written
     */
    byte[] encode(Object value, Type type) throws IOException;

    /**
     * Decodes a value.
     *
     * @throws IOException if the bytes are not a value of this type
     */
    Object decode(byte[] bytes, int offset, int length, Type type) throws IOException;
}
