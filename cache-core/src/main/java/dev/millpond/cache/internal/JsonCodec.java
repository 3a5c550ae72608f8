package dev.millpond.cache.internal;

import dev.millpond.cache.spi.ValueCodec;
import java.io.IOException;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by Jackson, read as the declared type and nothing else: no class is ever named by the stored bytes.
 *
 * <p>A type without anything that Jackson can see is refused, where it would be written as an empty object. Dates keep
 * their zone or offset, which Jackson would replace by UTC: a value from Redis equals the one loaded.
 */
final class JsonCodec implements ValueCodec {

    private final JsonMapper mapper;

    JsonCodec() {
        this(JsonMapper.builder()
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build());
    }

    JsonCodec(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public int id() {
        return 1;
    }

    @Override
    public <V> Format<V> forType(Type type) {
        if (type instanceof Class<?> raw && (raw == Object.class || raw.getTypeParameters().length > 0)) {
            throw new IllegalArgumentException("Values of " + raw
                    + " cannot be read back from Redis as what they were. Give their whole type, such as Team.class or"
                    + " new TypeRef<List<Team>>() {}.");
        }
        JavaType declared = mapper.constructType(type);
        return new JsonFormat<>(mapper.writerFor(declared), mapper.readerFor(declared));
    }

    private record JsonFormat<V>(ObjectWriter writer, ObjectReader reader) implements Format<V> {

        @Override
        public byte[] encode(V value) throws IOException {
            try {
                return writer.writeValueAsBytes(value);
            } catch (JacksonException e) {
                throw new IOException("The value of " + value.getClass() + " cannot be written as JSON.", e);
            }
        }

        @Override
        public V decode(byte[] bytes, int offset, int length) throws IOException {
            try {
                V value = reader.readValue(bytes, offset, length);
                if (value == null) {
                    throw new IOException("The stored JSON is null.");
                }
                return value;
            } catch (JacksonException e) {
                throw new IOException("The stored JSON cannot be read as the declared type.", e);
            }
        }
    }
}
