package dev.millpond.benchmarks.peers;

import org.redisson.client.codec.BaseCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.Decoder;
import org.redisson.client.protocol.Encoder;

/** Redisson's codec of text that tells the source what comes from Redis, before Redisson keeps it in the process. */
final class TellingCodec extends BaseCodec {

    private final Source source;

    TellingCodec(Source source) {
        this.source = source;
    }

    @Override
    public Decoder<Object> getValueDecoder() {
        return StringCodec.INSTANCE.getValueDecoder();
    }

    @Override
    public Decoder<Object> getMapValueDecoder() {
        return (bytes, state) -> {
            Object value = StringCodec.INSTANCE.getMapValueDecoder().decode(bytes, state);
            source.fetched(String.valueOf(value));
            return value;
        };
    }

    @Override
    public Encoder getValueEncoder() {
        return StringCodec.INSTANCE.getValueEncoder();
    }
}
