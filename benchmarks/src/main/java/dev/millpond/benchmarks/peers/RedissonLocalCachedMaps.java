package dev.millpond.benchmarks.peers;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.api.options.LocalCachedMapOptions.ReconnectionStrategy;
import org.redisson.api.options.LocalCachedMapOptions.SyncStrategy;

/** Redisson's map with a copy in each process, as far as it is open source: entries have no time to live in Redis. */
final class RedissonLocalCachedMaps implements Peer {

    @Override
    public String name() {
        return RedissonNodes.named("RLocalCachedMap");
    }

    @Override
    public List<Variant> variants() {
        return List.of(
                Variant.of(
                        "get, fastPut; fastRemove",
                        "no loader, no time to live in Redis: stale for good",
                        (machine, name, source) ->
                                new CacheAsideNode(new Entries(open(machine, options(name), source)), source)),
                Variant.of(
                        "MapLoader, get; fastRemove",
                        "no time to live in Redis: stale for good",
                        RedissonLocalCachedMaps::loading),
                Variant.at(
                        Moment.FILL,
                        "MapLoader, get of what Redis has; fastRemove",
                        "the process keeps what Redis no longer has",
                        RedissonLocalCachedMaps::loading));
    }

    private static PeerNode loading(Machine machine, String name, Source source) throws Exception {
        return new Loading(open(machine, options(name).loader(new SourceMapLoader(source)), source));
    }

    /** The defaults, and of the strategies after a lost connection one that forgets what may have changed. */
    private static LocalCachedMapOptions<String, String> options(String name) {
        return LocalCachedMapOptions.<String, String>name(name)
                .syncStrategy(SyncStrategy.INVALIDATE)
                .reconnectionStrategy(ReconnectionStrategy.CLEAR);
    }

    private static RLocalCachedMap<String, String> open(
            Machine machine, LocalCachedMapOptions<String, String> options, Source source) throws Exception {
        return RedissonNodes.client(machine).getLocalCachedMap(options.codec(new TellingCodec(source)));
    }

    private record Entries(RLocalCachedMap<String, String> map) implements CacheAsideNode.Store {

        @Override
        public @Nullable String find(String key) {
            return map.get(key);
        }

        @Override
        public void keep(String key, String value) {
            map.fastPut(key, value);
        }

        @Override
        public void remove(String key) {
            map.fastRemove(key);
        }

        @Override
        public Map<String, ?> memory() {
            return map.getCachedMap();
        }
    }

    private record Loading(RLocalCachedMap<String, String> map) implements PeerNode {

        @Override
        public String get(String key) {
            return Objects.requireNonNull(map.get(key), "no value of the map loader");
        }

        @Override
        public void invalidate(String key) {
            map.fastRemove(key);
        }

        @Override
        public Fence fence() {
            return new MemoryFence(this, map.getCachedMap());
        }
    }
}
