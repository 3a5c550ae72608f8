package dev.millpond.benchmarks.peers;

import static dev.millpond.benchmarks.peers.RedissonNodes.TIME_TO_LIVE;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RLock;
import org.redisson.api.RMapCache;
import org.redisson.api.options.MapCacheOptions;

/** Redisson's map with a time to live per entry. */
final class RedissonMapCaches implements Peer {

    private static final String NO_TIME_TO_LIVE = "what a MapLoader loads has no time to live: stale for good";

    @Override
    public String name() {
        return RedissonNodes.named("RMapCache");
    }

    @Override
    public List<Variant> variants() {
        return List.of(
                Variant.of(
                        "get, fastPut; fastRemove",
                        "no loader: each caller loads for itself",
                        (machine, name, source) -> new CacheAsideNode(new Entries(map(machine, name)), source)),
                Variant.of(
                        "computeIfAbsent; fastRemove",
                        "a lock per key around the load, which removal does not take",
                        (machine, name, source) -> new Computing(map(machine, name), source)),
                Variant.of("MapLoader, get; fastRemove", NO_TIME_TO_LIVE, (machine, name, source) -> {
                    RMapCache<String, String> map = loadingMap(machine, name, source);
                    return new Loading(map, map::fastRemove);
                }),
                Variant.of("MapLoader, get; remove", NO_TIME_TO_LIVE, (machine, name, source) -> {
                    RMapCache<String, String> map = loadingMap(machine, name, source);
                    return new Loading(map, map::remove);
                }),
                Variant.of(
                        "getLock(key) around load and removal, by hand",
                        "right, as long as all code does it",
                        (machine, name, source) -> new Locking(map(machine, name), source)));
    }

    private static RMapCache<String, String> map(Machine machine, String name) throws Exception {
        return RedissonNodes.client(machine).getMapCache(name);
    }

    private static RMapCache<String, String> loadingMap(Machine machine, String name, Source source) throws Exception {
        return RedissonNodes.client(machine)
                .getMapCache(MapCacheOptions.<String, String>name(name).loader(new SourceMapLoader(source)));
    }

    private record Entries(RMapCache<String, String> map) implements CacheAsideNode.Store {

        @Override
        public @Nullable String find(String key) {
            return map.get(key);
        }

        @Override
        public void keep(String key, String value) {
            map.fastPut(key, value, TIME_TO_LIVE.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void remove(String key) {
            map.fastRemove(key);
        }
    }

    private record Computing(RMapCache<String, String> map, Source source) implements PeerNode {

        @Override
        public String get(String key) {
            return map.computeIfAbsent(key, TIME_TO_LIVE, source::load);
        }

        @Override
        public void invalidate(String key) {
            map.fastRemove(key);
        }
    }

    private record Loading(RMapCache<String, String> map, Removal removal) implements PeerNode {

        @Override
        public String get(String key) {
            return Objects.requireNonNull(map.get(key), "no value of the map loader");
        }

        @Override
        public void invalidate(String key) {
            removal.remove(key);
        }
    }

    private interface Removal {

        void remove(String key);
    }

    private record Locking(RMapCache<String, String> map, Source source) implements PeerNode {

        @Override
        public String get(String key) {
            String kept = map.get(key);
            return kept != null ? kept : load(key);
        }

        private String load(String key) {
            RLock lock = map.getLock(key);
            lock.lock();
            try {
                return new CacheAsideNode(new Entries(map), source).get(key);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void invalidate(String key) {
            RLock lock = map.getLock(key);
            lock.lock();
            try {
                map.fastRemove(key);
            } finally {
                lock.unlock();
            }
        }
    }
}
