package dev.millpond.runtime.internal;

import dev.millpond.runtime.RedisUrl;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Makes clients that connect with their first command and bound every wait. */
final class RedisClients {

    private static final String FIX = " Give the content of a Redisson configuration file, for example"
            + " 'clusterServersConfig: {nodeAddresses: [\"redis://host:port\"]}'.";

    private RedisClients() {}

    static RedissonClient create(RedisUrl url) {
        return Redisson.create(config(url));
    }

    static RedissonClient create(String yaml) {
        return Redisson.create(config(yaml));
    }

    static Config config(RedisUrl url) {
        Config config = new Config();
        // The password must not stay in the address, which the client's messages show.
        config.useSingleServer().setAddress(url.address()).setDatabase(url.database());
        url.user().ifPresent(config::setUsername);
        url.password().ifPresent(config::setPassword);
        SafeSettings.apply(config);
        return config;
    }

    static Config config(String yaml) {
        Config config = parse(yaml);
        try {
            SafeSettings.apply(config);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Redisson configuration: " + e.getMessage() + "." + FIX, e);
        }
        return config;
    }

    /**
     * Keeps the parser's exception out of the message and the cause: it quotes lines, and a line may hold a password.
     */
    private static Config parse(String yaml) {
        Config config;
        try {
            config = Config.fromYAML(yaml);
        } catch (MarkedYAMLException e) {
            throw new IllegalArgumentException(
                    "Redisson configuration is not valid" + line(e.getProblemMark()) + "." + FIX);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("Redisson configuration is not valid." + FIX);
        }
        if (config == null) {
            throw new IllegalArgumentException("Redisson configuration is empty." + FIX);
        }
        return config;
    }

    private static String line(Mark mark) {
        return mark == null ? "" : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }
}
