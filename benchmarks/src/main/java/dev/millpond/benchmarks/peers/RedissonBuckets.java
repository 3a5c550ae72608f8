package dev.millpond.benchmarks.peers;

import static dev.millpond.benchmarks.peers.RedissonNodes.TIME_TO_LIVE;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;

/** Redisson's plain values, cache-aside. */
final class RedissonBuckets implements Peer {

    @Override
    public String name() {
        return RedissonNodes.named("RBucket");
    }

    @Override
    public List<Variant> variants() {
        return List.of(
                Variant.of(
                        "get, set; delete",
                        "no loader: each caller loads for itself",
                        opener((bucket, value) -> bucket.set(value, TIME_TO_LIVE))),
                Variant.of(
                        "get, setIfAbsent; delete",
                        "protects a value that is there, not one that was removed",
                        opener((bucket, value) -> bucket.setIfAbsent(value, TIME_TO_LIVE))));
    }

    private static Variant.Opener opener(Setter setter) {
        return (machine, name, source) ->
                new CacheAsideNode(new Buckets(RedissonNodes.client(machine), name, setter), source);
    }

    private interface Setter {

        void set(RBucket<String> bucket, String value);
    }

    private record Buckets(RedissonClient client, String name, Setter setter) implements CacheAsideNode.Store {

        @Override
        public @Nullable String find(String key) {
            return bucket(key).get();
        }

        @Override
        public void keep(String key, String value) {
            setter.set(bucket(key), value);
        }

        @Override
        public void remove(String key) {
            bucket(key).delete();
        }

        private RBucket<String> bucket(String key) {
            return client.getBucket(name + ':' + key);
        }
    }
}
