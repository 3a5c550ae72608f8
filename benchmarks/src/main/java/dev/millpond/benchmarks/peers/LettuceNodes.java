package dev.millpond.benchmarks.peers;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;

/**
 * Lettuce on one machine, with its own settings.
 *
 * @param client the client
 * @param bytes a connection for keys of text and values of bytes, for all threads
 */
public record LettuceNodes(RedisClient client, StatefulRedisConnection<String, byte[]> bytes) {

    /** Returns the one client of a machine. */
    public static LettuceNodes of(Machine machine) throws Exception {
        return machine.shared(LettuceNodes.class, LettuceNodes::connect);
    }

    private static LettuceNodes connect(Machine machine) {
        RedisClient client = RedisClient.create(machine.url());
        machine.own(client::shutdown);
        return new LettuceNodes(client, client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)));
    }
}
