package dev.millpond.benchmarks.peers;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.MultiLevelCache;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.template.QuickConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** JetCache over Lettuce. */
final class JetCaches implements Peer {

    private static final String PER_PROCESS = "one load per process, not per fleet";

    @Override
    public String name() {
        return "JetCache " + Versions.of(Cache.class);
    }

    @Override
    public List<Variant> variants() {
        return List.of(
                Variant.of(
                        "computeIfAbsent; remove",
                        "penetrationProtect is off by default: each caller loads for itself",
                        opener(config -> config)),
                Variant.of(
                        "penetrationProtect, computeIfAbsent; remove",
                        PER_PROCESS,
                        opener(config -> config.penetrationProtect(true))),
                Variant.of(
                        "BOTH with syncLocal, computeIfAbsent; remove",
                        "as with one level",
                        opener(JetCaches::twoLevels)),
                Variant.of(
                        "BOTH with syncLocal, penetrationProtect, computeIfAbsent; remove",
                        PER_PROCESS,
                        opener(config -> twoLevels(config).penetrationProtect(true))),
                Variant.at(
                        Moment.FILL,
                        "BOTH with syncLocal, get of what Redis has; remove",
                        "the process keeps what Redis no longer has",
                        opener(JetCaches::twoLevels)));
    }

    private static QuickConfig.Builder twoLevels(QuickConfig.Builder config) {
        return config.cacheType(CacheType.BOTH).syncLocal(true);
    }

    private static Variant.Opener opener(UnaryOperator<QuickConfig.Builder> settings) {
        return (machine, name, source) -> {
            QuickConfig.Builder config = QuickConfig.newBuilder(name + ':').expire(Duration.ofMinutes(5));
            return new Node(
                    JetCacheNodes.of(machine).cache(settings.apply(config).build(), source), source);
        };
    }

    private record Node(Cache<String, String> cache, Source source) implements PeerNode {

        @Override
        public String get(String key) {
            return cache.computeIfAbsent(key, source::load);
        }

        @Override
        public void invalidate(String key) {
            cache.remove(key);
        }

        @Override
        public Fence fence() {
            return cache instanceof MultiLevelCache<String, String> levels ? new LocalFence(this, levels) : Fence.NONE;
        }
    }

    /** A fence made of an ordinary entry, looked for in the first level. */
    private record LocalFence(PeerNode node, MultiLevelCache<String, String> levels) implements Fence {

        @Override
        public void raise(String key) throws Exception {
            node.get(key);
        }

        @Override
        public void lower(String key) throws Exception {
            node.invalidate(key);
        }

        @Override
        @SuppressWarnings("unchecked") // JetCache hands its levels out without types.
        public boolean raised(String key) {
            return levels.caches()[0].GET(key).isSuccess();
        }
    }
}
