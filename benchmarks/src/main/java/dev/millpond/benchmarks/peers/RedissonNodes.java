package dev.millpond.benchmarks.peers;

import java.time.Duration;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** What the peers of Redisson share: one client per machine, with Redisson's own settings. */
public final class RedissonNodes {

    static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    private RedissonNodes() {}

    /** Returns the one client of the machine; its codec is that of text. */
    public static RedissonClient client(Machine machine) throws Exception {
        return machine.shared(RedissonClient.class, RedissonNodes::connect);
    }

    /** Returns a name for tables. */
    static String named(String type) {
        return "Redisson " + Versions.of(Redisson.class) + " " + type;
    }

    private static RedissonClient connect(Machine machine) {
        Config config = new Config().setCodec(StringCodec.INSTANCE);
        config.useSingleServer().setAddress(machine.url());
        RedissonClient client = Redisson.create(config);
        machine.own(client::shutdown);
        return client;
    }
}
