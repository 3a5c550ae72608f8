package dev.millpond.runtime.spi;

import org.redisson.api.RBatch;
import org.redisson.api.RBucketAsync;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.OptionalOptions;
import org.redisson.client.codec.ByteArrayCodec;

/** Commands about one key, which go to Redis alone or in a batch with those of other callers; thread-safe. */
public interface KeyCommands {

    /** Returns the value of a key. */
    RBucketAsync<byte[]> bucket(String key);

    /** Returns scripts, whose keys must all be on the server of the call's key. */
    RScriptAsync script();

    /** Tells whether keys are on different servers, so that a script can work on few of them at once. */
    boolean cluster();

    /** Returns commands that are sent one by one. */
    static KeyCommands of(RedissonClient client) {
        return new KeyCommands() {
            @Override
            public RBucketAsync<byte[]> bucket(String key) {
                return client.getBucket(key, ByteArrayCodec.INSTANCE);
            }

            @Override
            public RScriptAsync script() {
                // After a lost answer nobody knows what a script has done, and a second call would do it again.
                return client.getScript(OptionalOptions.defaults()
                        .codec(ByteArrayCodec.INSTANCE)
                        .retryAttempts(0));
            }

            @Override
            public boolean cluster() {
                return client.getConfig().isClusterConfig();
            }
        };
    }

    /** Returns commands that are sent with a batch of a client. */
    static KeyCommands of(RedissonClient client, RBatch batch) {
        return new KeyCommands() {
            @Override
            public RBucketAsync<byte[]> bucket(String key) {
                return batch.getBucket(key, ByteArrayCodec.INSTANCE);
            }

            @Override
            public RScriptAsync script() {
                return batch.getScript(ByteArrayCodec.INSTANCE);
            }

            @Override
            public boolean cluster() {
                return client.getConfig().isClusterConfig();
            }
        };
    }
}
