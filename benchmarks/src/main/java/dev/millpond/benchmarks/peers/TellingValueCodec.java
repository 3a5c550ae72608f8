package dev.millpond.benchmarks.peers;

import dev.millpond.cache.spi.ValueCodec;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/**
 * Plain text that tells the source what comes from Redis, before Millpond keeps it in the process.
 *
 * @param source is told
 */
record TellingValueCodec(Source source) implements ValueCodec {

    @Override
    public int id() {
        return 200;
    }

    @Override
    @SuppressWarnings("unchecked") // All values of the races are text.
    public <V> Format<V> forType(Type type) {
        return (Format<V>) new Text(source);
    }

    private record Text(Source source) implements Format<String> {

        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes, int offset, int length) {
            String value = new String(bytes, offset, length, StandardCharsets.UTF_8);
            source.fetched(value);
            return value;
        }
    }
}
